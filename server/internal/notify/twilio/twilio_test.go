package twilio_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const (
	account = "AC0123456789abcdef0123456789abcdef"
	service = "MG0123456789abcdef0123456789abcdef"
	created = `{"sid":"SM87105da94bff44b999e4e6eb90d8eb6a","status":"queued","error_code":null,"error_message":null}`
)

func sender(t *testing.T, server *gatewaytest.Server, from string) *twilio.Sender {
	t.Helper()
	s, err := twilio.New(twilio.Config{
		URL: server.URL, AccountSID: account, AuthToken: secret.NewText("a token"), From: from, Clock: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheRequest(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	server.Answers(201, created)
	for from, field := range map[string]string{"+15005550006": "From", service: "MessagingServiceSid", "Latchkey": "From"} {
		receipt, err := sender(t, server, from).SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
		if err != nil || receipt != (notify.Receipt{Provider: "twilio", ID: "SM87105da94bff44b999e4e6eb90d8eb6a"}) {
			t.Fatalf("SendSMS = %+v, %v", receipt, err)
		}
		asked := server.Asked()[len(server.Asked())-1]
		got, err := url.ParseQuery(asked.Text)
		if err != nil {
			t.Fatal(err)
		}
		want := url.Values{"To": {"+821012345678"}, field: {from}, "Body": {gatewaytest.SMS("").Text.Reveal()}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		user, password, ok := asked.BasicAuth()
		if !ok || user != account || password != "a token" {
			t.Errorf("authorised by %s and %s", user, password)
		}
		if asked.Method != http.MethodPost || asked.URL.Path != "/2010-04-01/Accounts/"+account+"/Messages.json" ||
			asked.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("%s %s, %s", asked.Method, asked.URL, asked.Header.Get("Content-Type"))
		}
	}
}

func TestTheAnswersThatTwilioDocuments(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server, "+15005550006")
	for _, c := range []struct {
		status int
		body   string
		class  notify.Class
		code   string
	}{
		{400, `{"code":21211,"message":"The 'To' number +821012345678 is not valid","more_info":"https://www.twilio.com/docs/errors/21211","status":400}`, notify.Refused, "21211"},
		{400, `{"code":21610,"message":"unsubscribed recipient","status":400}`, notify.Refused, "21610"},
		{400, `{"code":21614,"message":"not a mobile number","status":400}`, notify.Refused, "21614"},
		{400, `{"code":21212,"message":"invalid From","status":400}`, notify.Misconfigured, "21212"},
		{400, `{"code":21408,"message":"no permission for the region","status":400}`, notify.Misconfigured, "21408"},
		{400, `{"code":21606,"message":"From cannot send","status":400}`, notify.Misconfigured, "21606"},
		{400, `{"code":21608,"message":"trial account","status":400}`, notify.Misconfigured, "21608"},
		{400, `{"code":21660,"message":"mismatch","status":400}`, notify.Misconfigured, "21660"},
		{400, `{"code":21617,"message":"too long","status":400}`, notify.Refused, "21617"},
		{401, `{"code":20003,"message":"Authenticate","status":401}`, notify.Misconfigured, "20003"},
		{403, `{"code":20005,"message":"Account not active","status":403}`, notify.Misconfigured, "20005"},
		{404, `{"code":20404,"message":"not found","status":404}`, notify.Misconfigured, "20404"},
		{429, `{"code":20429,"message":"Too Many Requests","status":429}`, notify.Busy, "20429"},
		{429, `{"code":14107,"message":"rate exceeded","status":429}`, notify.Busy, "14107"},
		{429, `{"code":21611,"message":"queue full","status":429}`, notify.Busy, "21611"},
		{429, `{"code":63038,"message":"daily limit","status":429}`, notify.Misconfigured, "63038"},
		{500, `{"code":20500,"message":"Internal Server Error","status":500}`, notify.Busy, "20500"},
		{503, ``, notify.Busy, "Service Unavailable"},
		// It was created, and failed.
		{201, `{"sid":"SM1","status":"failed","error_code":30003,"error_message":"unreachable"}`, notify.Deferred, "30003"},
		{201, `{"sid":"SM1","status":"failed","error_code":39999}`, notify.Refused, "39999"},
		{201, `{"sid":"SM1","status":"failed","error_code":30002}`, notify.Misconfigured, "30002"},
		{201, `{"sid":"SM1","status":"undelivered","error_code":null}`, notify.Refused, "Created"},
		{201, `{"status":"queued"}`, notify.Unreachable, "answer"},
	} {
		server.Answers(c.status, c.body)
		_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
		if failure := gatewaytest.Failure(t, err); failure.Class != c.class || failure.Code != c.code || failure.Provider != "twilio" {
			t.Errorf("%d %s: %v, want %s (%s)", c.status, c.body, failure, c.class, c.code)
		}
	}
	server.Answers(429, `{"code":20429}`, "Retry-After", "12")
	_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
	if failure := gatewaytest.Failure(t, err); failure.RetryAfter != 12*time.Second {
		t.Errorf("it is asked again after %v", failure.RetryAfter)
	}
}

func TestWhatTwilioDoesNotKnowIsLeftOpen(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server, "+15005550006")
	for body, want := range map[string]map[int]bool{
		`{"sid":"SM1","status":"failed","error_code":30008}`:     {201: true},
		`{"sid":"SM1","status":"failed","error_code":30003}`:     {201: false},
		`{"sid":"SM1","status":"undelivered","error_code":null}`: {201: false},
		`{"status":"queued"}`:                              {201: true},
		`{"code":20500,"message":"Internal Server Error"}`: {500: false, 502: true},
		`{"code":20429,"message":"Too Many Requests"}`:     {429: false},
		``: {500: true, 503: false, 504: true, 400: false},
	} {
		for status, ambiguous := range want {
			server.Answers(status, body)
			_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
			if failure := gatewaytest.Failure(t, err); failure.Ambiguous != ambiguous {
				t.Errorf("%d %s is ambiguous: %t", status, body, failure.Ambiguous)
			}
		}
	}
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server, "+15005550006")
	gatewaytest.Hostile(t, server, func(ctx context.Context) error {
		_, err := s.SendSMS(ctx, gatewaytest.SMS("+821012345678"))
		return err
	})
}

func TestSenders(t *testing.T) {
	t.Parallel()

	for _, good := range []string{"+15005550006", service, "Latchkey", "Shop 24"} {
		if err := twilio.CheckFrom(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "15005550006", "01012345678", "+0", "123456", "A name that is too long", "한글", "a\nb", "+" + strings.Repeat("1", 16)} {
		if twilio.CheckFrom(bad) == nil {
			t.Errorf("%q is a sender", bad)
		}
	}
}
