package sens

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

var now = time.UnixMilli(1772355600000)

const serviceID = "ncp:sms:kr:123456789012:latchkey"

func sender(t *testing.T, server *gatewaytest.Server) *Sender {
	t.Helper()
	s, err := New(Config{
		URL: server.URL + "/", ServiceID: serviceID, AccessKey: "AKIDEXAMPLE", SecretKey: secret.NewText("sens-secret"),
		From: "010-1234-5678", Clock: func() time.Time { return now },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The signature was computed by openssl dgst -sha256 -hmac and openssl enc -base64: Naver publishes examples of signatures, and
// not the secrets to them.
const signed = "H1+tOcBfe77jCCX5Tdh815HCpJZVUARHpdQTtEMfgRA="

func TestTheRequest(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	server.Answers(202, `{"requestId":"VORSS","requestTime":"2026-03-01T18:00:00.000","statusCode":"202","statusName":"success"}`)
	s := sender(t, server)
	for _, to := range []string{"+821012345678", "+12015550123"} {
		receipt, err := s.SendSMS(t.Context(), gatewaytest.SMS(to))
		if err != nil || receipt != (notify.Receipt{Provider: "sens", ID: "VORSS"}) {
			t.Fatalf("SendSMS = %+v, %v", receipt, err)
		}
	}
	for i, want := range []request{
		{CountryCode: "82", Messages: []message{{To: "01012345678"}}},
		{CountryCode: "1", Messages: []message{{To: "2015550123"}}},
	} {
		want.Type, want.ContentType, want.From, want.Content = "SMS", "COMM", "01012345678", gatewaytest.SMS("").Text.Reveal()
		asked := server.Asked()[i]
		var got request
		if err := json.Unmarshal([]byte(asked.Text), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if asked.Method != http.MethodPost || asked.URL.Path != "/sms/v2/services/"+serviceID+"/messages" {
			t.Errorf("%s %s", asked.Method, asked.URL)
		}
		for name, want := range map[string]string{
			"x-ncp-apigw-timestamp": "1772355600000", "x-ncp-iam-access-key": "AKIDEXAMPLE", "x-ncp-apigw-signature-v2": signed,
			"Content-Type": "application/json; charset=utf-8",
		} {
			if got := asked.Header.Get(name); got != want {
				t.Errorf("%s is %q, want %q", name, got, want)
			}
		}
	}
}

func TestTheAnswersThatNaverDocuments(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server)
	for _, c := range []struct {
		status int
		body   string
		class  notify.Class
		code   string
	}{
		{400, `{"error":{"errorCode":"100","message":"Bad Request Exception"}}`, notify.Refused, "100"},
		{400, `{"status":400,"errorMessage":"01012345678","errors":["to"]}`, notify.Refused, "Bad Request"},
		{401, `{"error":{"errorCode":"200","message":"Authentication Failed"}}`, notify.Misconfigured, "200"},
		{401, `{"error":{"errorCode":210,"message":"Permission Denied"}}`, notify.Misconfigured, "210"},
		{400, ``, notify.Refused, "Bad Request"},
		{401, ``, notify.Misconfigured, "Unauthorized"},
		{403, ``, notify.Misconfigured, "Forbidden"},
		{404, ``, notify.Misconfigured, "Not Found"},
		{429, ``, notify.Busy, "Too Many Requests"},
		{500, ``, notify.Busy, "Internal Server Error"},
		{503, ``, notify.Busy, "Service Unavailable"},
		{504, ``, notify.Busy, "Gateway Timeout"},
		{404, `{"error":{"errorCode":"300","message":"Not Found Exception"}}`, notify.Misconfigured, "300"},
		{413, `{"error":{"errorCode":"430"}}`, notify.Refused, "430"},
		{429, `{"error":{"errorCode":"400","message":"Quota Exceeded"}}`, notify.Misconfigured, "400"},
		{429, `{"error":{"errorCode":"410","message":"Throttle Limited"}}`, notify.Busy, "410"},
		{429, `{"error":{"errorCode":"420","message":"Rate Limited"}}`, notify.Busy, "420"},
		{500, `{"error":{"errorCode":"900","message":"Unexpected Error"}}`, notify.Busy, "900"},
		{503, `{"error":{"errorCode":"500","message":"Endpoint Error"}}`, notify.Busy, "500"},
		{504, `{"error":{"errorCode":"510","message":"Endpoint Timeout"}}`, notify.Busy, "510"},
		// HTTP says that it was accepted, and the service that it was not.
		{202, `{"requestId":"V","statusCode":"400","statusName":"fail"}`, notify.Refused, "400"},
		{202, `{"requestId":"V","statusCode":"401","statusName":"fail"}`, notify.Misconfigured, "401"},
		{202, `{"requestId":"V","statusCode":"403","statusName":"fail"}`, notify.Misconfigured, "403"},
		{202, `{"requestId":"V","statusCode":"404","statusName":"fail"}`, notify.Misconfigured, "404"},
		{202, `{"requestId":"V","statusCode":"429","statusName":"fail"}`, notify.Busy, "429"},
		{202, `{"requestId":"V","statusCode":"500","statusName":"fail"}`, notify.Busy, "500"},
		{202, `{"requestId":"V","statusCode":"often","statusName":"fail"}`, notify.Unreachable, "answer"},
		{202, `{"requestId":"V"}`, notify.Unreachable, "answer"},
	} {
		server.Answers(c.status, c.body)
		_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
		if failure := gatewaytest.Failure(t, err); failure.Class != c.class || failure.Code != c.code || failure.Provider != "sens" {
			t.Errorf("%d %s: %v, want %s (%s)", c.status, c.body, failure, c.class, c.code)
		}
	}
}

// Codes of the API gateway in front of SENS, which cannot know what SENS has done.
func TestAGatewayThatGotNoAnswerLeavesTheOutcomeOpen(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server)
	for body, want := range map[string]map[int]bool{
		`{"error":{"errorCode":"500","message":"Endpoint Error"}}`:   {503: true},
		`{"error":{"errorCode":"510","message":"Endpoint Timeout"}}`: {504: true},
		`{"error":{"errorCode":"900","message":"Unexpected Error"}}`: {500: true},
		`{"error":{"errorCode":"410","message":"Throttle Limited"}}`: {429: false},
		`{"requestId":"V","statusCode":"500","statusName":"fail"}`:   {202: false},
		`{"requestId":"V"}`: {202: true},
		``:                  {500: true, 503: false, 504: true, 429: false, 401: false},
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
	s := sender(t, server)
	gatewaytest.Hostile(t, server, func(ctx context.Context) error {
		_, err := s.SendSMS(ctx, gatewaytest.SMS("+821012345678"))
		return err
	})
}
