package solapi

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

var now = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func sender(t *testing.T, server *gatewaytest.Server) *Sender {
	t.Helper()
	s, err := New(Config{
		URL: server.URL, Key: "NCSTESTKEY", Secret: secret.NewText("test-secret"), From: "02-123-4567", Clock: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const accepted = `{"groupId":"G4V20260301","to":"01012345678","from":"021234567","type":"SMS","statusMessage":"정상 접수","country":"82","messageId":"M4V20260301ABC","statusCode":"2000","accountId":"12925149"}`

// The signature was computed by openssl dgst -sha256 -hmac. Solapi publishes no secret for its example; the header's form is
// that of its example.
func TestTheSignature(t *testing.T) {
	t.Parallel()

	got := authorization("NCSTESTKEY", secret.NewText("test-secret"), now.In(time.FixedZone("KST", 9*60*60)), "0123456789abcdef0123456789abcdef")
	want := "HMAC-SHA256 apiKey=NCSTESTKEY, date=2026-03-01T09:00:00Z, salt=0123456789abcdef0123456789abcdef, " +
		"signature=c9369ae93f4845f19404660b7c1bf4d2e741384fbe06c96e0892f3de2e299031"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestTheRequest(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	server.Answers(200, accepted)
	s := sender(t, server)
	for _, to := range []string{"+821012345678", "+12015550123"} {
		receipt, err := s.SendSMS(t.Context(), gatewaytest.SMS(to))
		if err != nil || receipt != (notify.Receipt{Provider: "solapi", ID: "M4V20260301ABC"}) {
			t.Fatalf("SendSMS = %+v, %v", receipt, err)
		}
	}
	asked := server.Asked()
	for i, want := range []message{
		{To: "01012345678", From: "021234567", Type: "SMS", Country: "82"},
		{To: "2015550123", From: "021234567", Type: "SMS", Country: "1"},
	} {
		want.Text = gatewaytest.SMS("").Text.Reveal()
		var got request
		if err := json.Unmarshal([]byte(asked[i].Text), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got.Message); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if asked[i].Method != http.MethodPost || asked[i].URL.Path != "/messages/v4/send" || asked[i].Header.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s %s, %s", asked[i].Method, asked[i].URL, asked[i].Header.Get("Content-Type"))
		}
	}
	// A salt serves once.
	form := regexp.MustCompile(`^HMAC-SHA256 apiKey=NCSTESTKEY, date=2026-03-01T09:00:00Z, salt=[0-9a-f]{32}, signature=[0-9a-f]{64}$`)
	first, second := asked[0].Header.Get("Authorization"), asked[1].Header.Get("Authorization")
	if !form.MatchString(first) || first == second {
		t.Errorf("authorised by %s and %s", first, second)
	}
}

func TestTheAnswersThatSolapiDocuments(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server)
	for _, c := range []struct {
		status int
		body   string
		class  notify.Class
		code   string
	}{
		{400, `{"errorCode":"ValidationError","errorMessage":"01012345678"}`, notify.Refused, "ValidationError"},
		{400, `{"errorCode":"InvalidStatusCode","statusCode":"1062","messageId":"M4V"}`, notify.Misconfigured, "1062"},
		{402, `{"errorCode":"NotEnoughBalance","errorMessage":"잔액 부족"}`, notify.Misconfigured, "NotEnoughBalance"},
		{403, `{"errorCode":"InvalidAPIKey","errorMessage":"..."}`, notify.Misconfigured, "InvalidAPIKey"},
		{403, `{"errorCode":"SignatureDoesNotMatch"}`, notify.Misconfigured, "SignatureDoesNotMatch"},
		{403, `{"errorCode":"RequestTimeTooSkewed"}`, notify.Misconfigured, "RequestTimeTooSkewed"},
		{403, `{"errorCode":"DuplicatedSignature"}`, notify.Misconfigured, "DuplicatedSignature"},
		{500, `{"errorCode":"InternalError"}`, notify.Busy, "InternalError"},
		{503, ``, notify.Busy, "Service Unavailable"},
		{429, ``, notify.Busy, "Too Many Requests"},
		// HTTP says 200, and the message failed.
		{200, `{"statusCode":"1010","messageId":"M4V"}`, notify.Refused, "1010"},
		{200, `{"statusCode":"1024","messageId":"M4V"}`, notify.Busy, "1024"},
		{200, `{"statusCode":"1029","messageId":"M4V"}`, notify.Refused, "1029"},
		{200, `{"statusCode":"1030","messageId":"M4V"}`, notify.Misconfigured, "1030"},
		{200, `{"statusCode":"1060","messageId":"M4V"}`, notify.Refused, "1060"},
		{200, `{"statusCode":"1062","messageId":"M4V"}`, notify.Misconfigured, "1062"},
		{200, `{"statusCode":"2230","messageId":"M4V"}`, notify.Misconfigured, "2230"},
		{200, `{"statusCode":"3010","messageId":"M4V"}`, notify.Refused, "3010"},
		{200, `{"statusCode":"3012","messageId":"M4V"}`, notify.Busy, "3012"},
		{200, `{"statusCode":"3059","messageId":"M4V"}`, notify.Misconfigured, "3059"},
		{200, `{"messageId":"M4V"}`, notify.Unreachable, "answer"},
	} {
		server.Answers(c.status, c.body)
		_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
		if failure := gatewaytest.Failure(t, err); failure.Class != c.class || failure.Code != c.code || failure.Provider != "solapi" {
			t.Errorf("%d %s: %v, want %s (%s)", c.status, c.body, failure, c.class, c.code)
		}
	}
	server.Answers(503, "", "Retry-After", "7")
	_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
	if failure := gatewaytest.Failure(t, err); failure.RetryAfter != 7*time.Second {
		t.Errorf("it is asked again after %v", failure.RetryAfter)
	}
	for _, status := range []string{"2000", "3000", "4000"} {
		server.Answers(200, `{"statusCode":"`+status+`","messageId":"M4V"}`)
		if _, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678")); err != nil {
			t.Errorf("%s: %v", status, err)
		}
	}
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server)
	gatewaytest.Hostile(t, server, func(ctx context.Context) error {
		_, err := s.SendSMS(ctx, gatewaytest.SMS("+821012345678"))
		return err
	})
}

func TestASenderNumberIsChecked(t *testing.T) {
	t.Parallel()

	if _, err := New(Config{From: "+82 2 123 4567"}); err == nil {
		t.Error("a number with a country code is a Korean sender")
	}
}
