package httpsms_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func sender(t *testing.T, server *gatewaytest.Server, change ...func(*httpsms.Config)) *httpsms.Sender {
	t.Helper()
	cfg := httpsms.Config{
		URL: secret.NewText(server.URL + "/send?key=secret"), Headers: secret.NewText(`{"X-Secret-Key":"secret"}`),
		Body: httpsms.Body, From: "021234567", Clock: time.Now,
	}
	for _, c := range change {
		c(&cfg)
	}
	s, err := httpsms.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheRequest(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	server.Answers(200, "")
	sms := gatewaytest.SMS("+821012345678")
	if _, err := sender(t, server).SendSMS(t.Context(), sms); err != nil {
		t.Fatal(err)
	}
	asked := server.Asked()[0]
	got := map[string]string{}
	if err := json.Unmarshal([]byte(asked.Text), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"to": "+821012345678", "from": "021234567", "text": sms.Text.Reveal()}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if asked.Method != http.MethodPost || asked.URL.String() != "/send?key=secret" || asked.Header.Get("X-Secret-Key") != "secret" ||
		asked.Header.Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("%s %s with %v", asked.Method, asked.URL, asked.Header)
	}
}

// A form, national digits, and a provider that says 200 to everything, such as NHN Cloud.
func TestAnotherForm(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server, func(c *httpsms.Config) {
		c.Headers = secret.NewText(`{"content-type":"application/x-www-form-urlencoded"}`)
		c.Body = `to={{.National | urlquery}}&msg={{.Text | urlquery}}`
		c.Success = `"isSuccessful"\s*:\s*true`
	})
	sms := gatewaytest.SMS("+821012345678")
	server.Answers(200, `{"header":{"isSuccessful" : true}}`)
	receipt, err := s.SendSMS(t.Context(), sms)
	if err != nil || receipt != (notify.Receipt{Provider: "http", ID: sms.ID.String()}) {
		t.Fatalf("SendSMS = %+v, %v", receipt, err)
	}
	got, err := url.ParseQuery(server.Asked()[0].Text)
	if diff := cmp.Diff(url.Values{"to": {"01012345678"}, "msg": {sms.Text.Reveal()}}, got); diff != "" || err != nil {
		t.Errorf("%v, (-want +got):\n%s", err, diff)
	}
	server.Answers(200, `{"header":{"isSuccessful":false,"resultMessage":"01012345678"}}`)
	_, err = s.SendSMS(t.Context(), sms)
	// The expression may be wrong, and the message be taken.
	if failure := gatewaytest.Failure(t, err); failure.Class != notify.Misconfigured || failure.Code != "no success" || !failure.Ambiguous {
		t.Errorf("%v", failure)
	}
}

// A gateway that knows the header, or a field of its own, tells a repeat by the message's id. What an operator has set for every
// message is no key.
func TestARepeatCanBeRecognized(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	server.Answers(200, "")
	s := sender(t, server, func(c *httpsms.Config) {
		c.Headers = secret.NewText(`{"idempotency-key":"always the same"}`)
		c.Body = `{"to":{{json .To}},"text":{{json .Text}},"messageId":{{json .ID}}}`
		c.From = ""
	})
	sms := gatewaytest.SMS("+821012345678")
	for range 2 {
		if _, err := s.SendSMS(t.Context(), sms); err != nil {
			t.Fatal(err)
		}
	}
	for _, asked := range server.Asked() {
		if got := asked.Header.Values("Idempotency-Key"); len(got) != 1 || got[0] != sms.ID.String() {
			t.Errorf("the key is %q", got)
		}
		if !strings.Contains(asked.Text, `"messageId":"`+sms.ID.String()+`"`) {
			t.Errorf("the body is %s", asked.Text)
		}
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server)
	for status, class := range map[int]notify.Class{
		400: notify.Refused, 401: notify.Misconfigured, 404: notify.Misconfigured, 429: notify.Busy, 500: notify.Busy, 503: notify.Busy,
	} {
		server.Answers(status, "042917", "Retry-After", "3")
		_, err := s.SendSMS(t.Context(), gatewaytest.SMS("+821012345678"))
		failure := gatewaytest.Failure(t, err)
		if failure.Class != class || class == notify.Busy && failure.RetryAfter != 3*time.Second {
			t.Errorf("%d: %v, after %v", status, failure, failure.RetryAfter)
		}
	}
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	s := sender(t, server, func(c *httpsms.Config) { c.Success = `"accepted":true` })
	gatewaytest.Hostile(t, server, func(ctx context.Context) error {
		_, err := s.SendSMS(ctx, gatewaytest.SMS("+821012345678"))
		return err
	})
}

func TestWhatCannotBeAGatewayIsRefused(t *testing.T) {
	t.Parallel()

	for name, change := range map[string]func(*httpsms.Config){
		"no address":               func(c *httpsms.Config) { c.URL = secret.Text{} },
		"in clear":                 func(c *httpsms.Config) { c.URL = secret.NewText("http://sms.example.com/secret") },
		"headers are no JSON":      func(c *httpsms.Config) { c.Headers = secret.NewText("X: secret") },
		"headers hold more":        func(c *httpsms.Config) { c.Headers = secret.NewText(`{"X":["secret"]}`) },
		"a header within a header": func(c *httpsms.Config) { c.Headers = secret.NewText(`{"X":"secret\r\nY: 1"}`) },
		"a name that is none":      func(c *httpsms.Config) { c.Headers = secret.NewText(`{"X Y":"secret"}`) },
		"no template":              func(c *httpsms.Config) { c.Body = "{{.To" },
		"an unknown field":         func(c *httpsms.Config) { c.Body = `{"code":{{json .Code}}}` },
		"text can break out":       func(c *httpsms.Config) { c.Body = `{"text":"{{.Text}}"}` },
		"no expression":            func(c *httpsms.Config) { c.Success = "(" },
		"no sender":                func(c *httpsms.Config) { c.From = "" },
		"a sender that is none":    func(c *httpsms.Config) { c.From = "secret, or +82" },
	} {
		cfg := httpsms.Config{URL: secret.NewText("https://sms.example.com"), Body: httpsms.Body, From: "021234567", Clock: time.Now}
		change(&cfg)
		_, err := httpsms.New(cfg)
		if err == nil {
			t.Errorf("%s: it is taken", name)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: a secret shows in %v", name, err)
		}
	}
}

// What a gateway wants to be called a sender differs; what can be none is told at the start.
func TestSenders(t *testing.T) {
	t.Parallel()

	names, err := httpsms.ParseBody(httpsms.Body, http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	for _, good := range []string{
		"021234567", "02-123-4567", "010 1234 5678", "15880000", "114", "+821012345678", "+1 201-555-0123", "Latchkey", "Shop 24", "A&B", "my-shop.kr",
	} {
		if err := httpsms.CheckFrom(good, names); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{
		"", " ", "+", "12", "1234567890123456", "02--123-4567", "-021234567", "021234567-", "02.123.4567", "+82+10", "A name that is too long", "한글", "Shop\n", "０２1234567", "&", `a"b`, "{{.To}}",
	} {
		if httpsms.CheckFrom(bad, names) == nil {
			t.Errorf("%q is a sender", bad)
		}
	}
	// Some gateways know the sender by the account.
	silent, err := httpsms.ParseBody(`{"to":{{json .To}},"text":{{json .Text}}}`, http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	if err := httpsms.CheckFrom("", silent); err != nil {
		t.Errorf("a body that names no sender: %v", err)
	}
	if httpsms.CheckFrom("+", silent) == nil {
		t.Error("nonsense passes where it is not used")
	}
}
