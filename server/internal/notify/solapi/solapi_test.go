package solapi

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
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
		{403, `{"errorCode":"DuplicatedSignature"}`, notify.Busy, "DuplicatedSignature"},
		{401, `{"errorCode":"Unauthorized"}`, notify.Misconfigured, "Unauthorized"},
		{404, `{"errorCode":"ResourceNotFound"}`, notify.Misconfigured, "ResourceNotFound"},
		{500, `{"errorCode":"InternalError"}`, notify.Busy, "InternalError"},
		{503, ``, notify.Busy, "Service Unavailable"},
		{429, ``, notify.Busy, "Too Many Requests"},
		{502, `<html>`, notify.Busy, "Bad Gateway"},
		{504, ``, notify.Busy, "Gateway Timeout"},
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

// Solapi's whole list of status codes, which come with HTTP's 200, or with 400 as InvalidStatusCode. What stands here was
// sorted by hand, from what the list says of each code.
func TestEveryStatusCodeHasItsClass(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server)
	tested := map[string]bool{}
	for class, codes := range map[notify.Class]string{
		notify.Refused: "1010 1011 1013 1014 1021 1022 1023 1025 1026 1027 1028 1029 1031 1032 1033 1034 " +
			"1041 1042 1043 1044 1045 1046 1047 1048 1049 1050 1051 1052 1053 1060 1061 2011 2060 2061 " +
			"3010 3011 3031 3032 3047 3050 3052 3055 3060 3101 3102 3103 3104 3105 3106 3107 3108",
		notify.Deferred:      "3040 3041 3042 3043 3044 3045 3046 3051 3056 3057",
		notify.Misconfigured: "1020 1030 1058 1062 1064 2062 2063 2064 2230 2254 3013 3054 3058 3059",
		notify.Busy:          "1024 2024 3012 3014 3024 3048 3053",
	} {
		for code := range strings.FieldsSeq(codes) {
			tested[code] = true
			for status, body := range map[int]string{
				200: `{"statusCode":"` + code + `","messageId":"M4V"}`, 400: `{"errorCode":"InvalidStatusCode","statusCode":"` + code + `","messageId":"M4V"}`,
			} {
				server.Answers(status, body)
				_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
				failure := gatewaytest.Failure(t, err)
				if failure.Class != class || failure.Code != code {
					t.Errorf("%d %s: %v, want %s", status, code, failure, class)
				}
				// The carrier had it by then, and has not refused it.
				if want := class == notify.Busy && code[0] == '3'; failure.Ambiguous != want {
					t.Errorf("%d %s is ambiguous: %t", status, code, failure.Ambiguous)
				}
			}
		}
	}
	for code := range classes {
		if !tested[code] {
			t.Errorf("%s is sorted and not tested", code)
		}
	}
	// One that is younger than the list.
	server.Answers(200, `{"statusCode":"1999","messageId":"M4V"}`)
	_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
	if failure := gatewaytest.Failure(t, err); failure.Class != notify.Refused || failure.Code != "1999" {
		t.Errorf("an unknown code: %v", failure)
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
