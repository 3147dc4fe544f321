package fcm_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// key returns the key file of a service account, whose tokens come from a test server.
func key(t *testing.T, tokens string, change ...func(map[string]string)) secret.Text {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file := map[string]string{
		"type": "service_account", "project_id": "latchkey-test", "private_key_id": "key-1",
		"private_key":  string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})),
		"client_email": "push@latchkey-test.iam.gserviceaccount.com", "token_uri": tokens,
	}
	for _, c := range change {
		c(file)
	}
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return secret.NewText(string(text))
}

// google is both servers: the one that issues tokens, and FCM.
type google struct{ tokens, messages *gatewaytest.Server }

func serve(t *testing.T) google {
	t.Helper()
	g := google{tokens: gatewaytest.New(t), messages: gatewaytest.New(t)}
	g.tokens.Answers(200, `{"access_token":"ya29.token","token_type":"Bearer","expires_in":3599}`, "Content-Type", "application/json")
	g.messages.Answers(200, `{"name":"projects/latchkey-test/messages/0:1500415314455276%31bd1c96"}`)
	return g
}

func (g google) sender(t *testing.T) *fcm.Sender {
	t.Helper()
	s, err := fcm.New(t.Context(), fcm.Config{Credentials: key(t, g.tokens.URL+"/token"), Endpoint: g.messages.URL, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func push() notify.Push {
	return notify.Push{
		Token: secret.NewText("token-of-a-device"), Title: `Hello "Ada"`, Body: "<b>안녕</b>\n{{.}}", Data: map[string]string{"link": "/orders/1"},
	}
}

func TestTheRequest(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	for range 3 {
		receipt, err := s.SendPush(t.Context(), push())
		if err != nil || receipt != (notify.Receipt{Provider: "fcm", ID: "0:1500415314455276%31bd1c96"}) {
			t.Fatalf("SendPush = %+v, %v", receipt, err)
		}
	}
	asked := g.messages.Asked()[0]
	if asked.Method != http.MethodPost || asked.URL.Path != "/v1/projects/latchkey-test/messages:send" || asked.Header.Get("Authorization") != "Bearer ya29.token" {
		t.Errorf("%s %s, authorised by %s", asked.Method, asked.URL, asked.Header.Get("Authorization"))
	}
	var got any
	if err := json.Unmarshal([]byte(asked.Text), &got); err != nil {
		t.Fatal(err)
	}
	want := any(map[string]any{"message": map[string]any{
		"token":        "token-of-a-device",
		"notification": map[string]any{"title": `Hello "Ada"`, "body": "<b>안녕</b>\n{{.}}"},
		"data":         map[string]any{"link": "/orders/1"},
	}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// One token serves many messages, and says only what is needed.
	if n := len(g.tokens.Asked()); n != 1 {
		t.Fatalf("%d tokens were asked for", n)
	}
	form, err := url.ParseQuery(g.tokens.Asked()[0].Text)
	if err != nil || form.Get("grant_type") != "urn:ietf:params:oauth:grant-type:jwt-bearer" {
		t.Errorf("a token was asked for by %v: %v", form, err)
	}
	claims, err := base64.RawURLEncoding.DecodeString(strings.Split(form.Get("assertion"), ".")[1])
	if err != nil || !strings.Contains(string(claims), `"scope":"https://www.googleapis.com/auth/firebase.messaging"`) {
		t.Errorf("the claims are %s: %v", claims, err)
	}
}

func TestTheAnswersThatGoogleDocuments(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	of := func(status, code string) string {
		return `{"error":{"code":400,"message":"token-of-a-device","status":"` + status + `","details":[{"@type":"type.googleapis.com/google.rpc.BadRequest"},` +
			`{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"` + code + `"}]}}`
	}
	for _, c := range []struct {
		status int
		body   string
		class  notify.Class
		code   string
	}{
		{404, of("NOT_FOUND", "UNREGISTERED"), notify.Unregistered, "UNREGISTERED"},
		{400, of("INVALID_ARGUMENT", "INVALID_ARGUMENT"), notify.Refused, "INVALID_ARGUMENT"},
		{403, of("PERMISSION_DENIED", "SENDER_ID_MISMATCH"), notify.Misconfigured, "SENDER_ID_MISMATCH"},
		{500, strings.Replace(of("UNKNOWN", "UNSPECIFIED_ERROR"), "400", "500", 1), notify.Busy, "UNSPECIFIED_ERROR"},
		{400, of("FAILED_PRECONDITION", "UNSPECIFIED_ERROR"), notify.Refused, "UNSPECIFIED_ERROR"},
		{400, `{"error":{"code":400,"status":"INVALID_ARGUMENT"}}`, notify.Refused, "INVALID_ARGUMENT"},
		{429, `{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}`, notify.Busy, "RESOURCE_EXHAUSTED"},
		{503, `{"error":{"code":503,"status":"UNAVAILABLE"}}`, notify.Busy, "UNAVAILABLE"},
		{504, `{"error":{"code":504,"status":"DEADLINE_EXCEEDED"}}`, notify.Busy, "DEADLINE_EXCEEDED"},
		{401, of("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"), notify.Misconfigured, "THIRD_PARTY_AUTH_ERROR"},
		{429, of("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), notify.Busy, "QUOTA_EXCEEDED"},
		{503, of("UNAVAILABLE", "UNAVAILABLE"), notify.Busy, "UNAVAILABLE"},
		{500, of("INTERNAL", "INTERNAL"), notify.Busy, "INTERNAL"},
		{401, `{"error":{"code":401,"message":"bad token","status":"UNAUTHENTICATED"}}`, notify.Misconfigured, "UNAUTHENTICATED"},
		{403, `{"error":{"code":403,"status":"PERMISSION_DENIED"}}`, notify.Misconfigured, "PERMISSION_DENIED"},
		// A project that is not there is no device that is gone.
		{404, `{"error":{"code":404,"status":"NOT_FOUND"}}`, notify.Misconfigured, "NOT_FOUND"},
		{404, `<html>`, notify.Misconfigured, "Not Found"},
		{502, `<html>`, notify.Busy, "Bad Gateway"},
	} {
		g.messages.Answers(c.status, c.body, "Retry-After", "9")
		_, err := s.SendPush(t.Context(), push())
		failure := gatewaytest.Failure(t, err)
		if failure.Class != c.class || failure.Code != c.code || failure.Provider != "fcm" || (failure.RetryAfter == 9*time.Second) != (c.class == notify.Busy) {
			t.Errorf("%d %s: %v after %v, want %s (%s)", c.status, c.body, failure, failure.RetryAfter, c.class, c.code)
		}
	}
}

// The link that a click follows: Firebase opens those with https by itself in browsers, and refuses others.
func TestWhereAClickLeads(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	for link, webpush := range map[string]any{
		"https://accounts.example.com/sessions/disown?secret=zqx": map[string]any{
			"fcmOptions": map[string]any{"link": "https://accounts.example.com/sessions/disown?secret=zqx"},
		},
		"http://localhost:8080/sessions/disown?secret=zqx": nil,
		"": nil,
	} {
		p := push()
		p.Link = secret.NewText(link)
		if _, err := s.SendPush(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		var got struct{ Message map[string]any }
		asked := g.messages.Asked()
		if err := json.Unmarshal([]byte(asked[len(asked)-1].Text), &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(webpush, got.Message["webpush"]); diff != "" {
			t.Errorf("%q (-want +got):\n%s", link, diff)
		}
	}
}

// FCM knows no key of a repeat. What arrives twice takes its own place.
func TestARepeatTakesThePlaceOfTheFirst(t *testing.T) {
	t.Parallel()

	g := serve(t)
	p := push()
	p.ID = uuid.MustParse("0190b5a4-7e1f-4c6e-9d55-6f7c9a1b2c3d")
	p.Link = secret.NewText("https://accounts.example.com/")
	if _, err := g.sender(t).SendPush(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	var got struct{ Message map[string]any }
	if err := json.Unmarshal([]byte(g.messages.Asked()[0].Text), &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"android": map[string]any{"notification": map[string]any{"tag": "0190b5a4-7e1f-4c6e-9d55-6f7c9a1b2c3d"}},
		"apns":    map[string]any{"headers": map[string]any{"apns-collapse-id": "0190b5a4-7e1f-4c6e-9d55-6f7c9a1b2c3d"}},
		"webpush": map[string]any{
			"headers":    map[string]any{"Topic": "0190b5a47e1f4c6e9d556f7c9a1b2c3d"},
			"fcmOptions": map[string]any{"link": "https://accounts.example.com/"},
		},
	}
	for name, part := range want {
		if diff := cmp.Diff(part, got.Message[name]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// The largest message that is taken has no room for a tag.
func TestALargeMessageHasNoTag(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	for size, tagged := range map[int]bool{notify.MaxPayload - 39: true, notify.MaxPayload - 38: false, notify.MaxPayload: false} {
		p := push()
		p.ID = uuid.New()
		p.Data = map[string]string{"a": ""}
		p.Data["a"] = strings.Repeat("x", size-notify.Notification{Title: p.Title, Body: p.Body, Data: p.Data}.Payload())
		if _, err := s.SendPush(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		asked := g.messages.Asked()
		if got := strings.Contains(asked[len(asked)-1].Text, `"tag"`); got != tagged {
			t.Errorf("of %d bytes, it has a tag: %t", size, got)
		}
	}
}

func TestAmbiguousOutcomesAreReported(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	for body, want := range map[string]map[int]bool{
		`{"error":{"code":503,"status":"UNAVAILABLE"}}`:       {503: false},
		`{"error":{"code":500,"status":"INTERNAL"}}`:          {500: false},
		`{"error":{"code":504,"status":"DEADLINE_EXCEEDED"}}`: {504: true},
		`<html>`: {500: true, 502: true, 503: false, 404: false},
		`{}`:     {200: true},
	} {
		for status, ambiguous := range want {
			g.messages.Answers(status, body)
			_, err := s.SendPush(t.Context(), push())
			if failure := gatewaytest.Failure(t, err); failure.Ambiguous != ambiguous {
				t.Errorf("%d %s is ambiguous: %t", status, body, failure.Ambiguous)
			}
		}
	}
	// Without a token, the message was not sent, however the token server hangs.
	hang := make(chan struct{})
	defer close(hang)
	g.tokens.Does(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hang:
		case <-r.Context().Done():
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := g.sender(t).SendPush(ctx, push())
	if failure := gatewaytest.Failure(t, err); failure.Ambiguous {
		t.Errorf("without a token: %v", failure)
	}
}

// A token of another project is good for nothing; but when no other one is good either, it is the credentials that are wrong,
// and no device is forgotten for that.
func TestATokenOfAnotherProject(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	foreign := func() notify.Class {
		t.Helper()
		g.messages.Answers(403, `{"error":{"code":403,"status":"PERMISSION_DENIED","details":[`+
			`{"@type":"type.googleapis.com/google.firebase.fcm.v1.FcmError","errorCode":"SENDER_ID_MISMATCH"}]}}`)
		_, err := s.SendPush(t.Context(), push())
		return gatewaytest.Failure(t, err).Class
	}
	for range 2 {
		if class := foreign(); class != notify.Misconfigured {
			t.Errorf("before any token was good, it is %s", class)
		}
	}
	g.messages.Answers(200, `{"name":"projects/latchkey-test/messages/1"}`)
	if _, err := s.SendPush(t.Context(), push()); err != nil {
		t.Fatal(err)
	}
	if class := foreign(); class != notify.Unregistered {
		t.Errorf("after another token was good, it is %s", class)
	}
}

// A token that was refused is not shown again.
func TestARefusedTokenIsReplaced(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	g.messages.Answers(401, `{"error":{"code":401,"status":"UNAUTHENTICATED"}}`)
	if _, err := s.SendPush(t.Context(), push()); err == nil {
		t.Fatal("it is no failure")
	}
	g.messages.Answers(200, `{"name":"projects/p/messages/1"}`)
	if _, err := s.SendPush(t.Context(), push()); err != nil || len(g.tokens.Asked()) != 2 {
		t.Errorf("%v, and %d tokens were asked for", err, len(g.tokens.Asked()))
	}
}

func TestTokensThatAreNotGiven(t *testing.T) {
	t.Parallel()

	for _, c := range []struct {
		status int
		body   string
		class  notify.Class
	}{
		{400, `{"error":"invalid_grant","error_description":"account not found"}`, notify.Misconfigured},
		{401, `{"error":"invalid_client"}`, notify.Misconfigured},
		{503, ``, notify.Busy},
		{200, `not JSON`, notify.Unreachable},
		{200, strings.Repeat(" ", 1<<20), notify.Unreachable},
	} {
		g := serve(t)
		g.tokens.Answers(c.status, c.body, "Content-Type", "application/json")
		_, err := g.sender(t).SendPush(t.Context(), push())
		if failure := gatewaytest.Failure(t, err); failure.Class != c.class || failure.Provider != "fcm" {
			t.Errorf("%d %.50s: %v", c.status, c.body, failure)
		}
		if len(g.messages.Asked()) != 0 {
			t.Errorf("%d: a message was sent without a token", c.status)
		}
	}
}

// A token server that hangs delays no call beyond its deadline, however many wait.
func TestManyWaitForOneToken(t *testing.T) {
	t.Parallel()

	g := serve(t)
	hold := make(chan struct{})
	defer close(hold)
	g.tokens.Does(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-hold:
		case <-r.Context().Done():
		}
	})
	s := g.sender(t)
	begun := time.Now()
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			_, err := s.SendPush(ctx, push())
			if failure := gatewaytest.Failure(t, err); failure.Class != notify.Unreachable || failure.Code != "timeout" {
				t.Error(failure)
			}
		})
	}
	all.Wait()
	// One after the other, they would take 20 seconds.
	if took := time.Since(begun); took > 15*time.Second || len(g.tokens.Asked()) > 1 {
		t.Errorf("it took %v, and %d tokens were asked for", took, len(g.tokens.Asked()))
	}
}

func TestBadAnswers(t *testing.T) {
	t.Parallel()

	g := serve(t)
	s := g.sender(t)
	gatewaytest.Hostile(t, g.messages, func(ctx context.Context) error {
		_, err := s.SendPush(ctx, push())
		return err
	})
}

func TestLG01_ErrorsAboutCredentialsDoNotContainThem(t *testing.T) {
	t.Parallel()

	for name, text := range map[string]secret.Text{
		"nothing":    {},
		"no JSON":    secret.NewText("-----BEGIN PRIVATE KEY----- hunter2"),
		"a user":     key(t, "https://oauth2.example.com", func(f map[string]string) { f["type"] = "authorized_user hunter2" }),
		"no project": key(t, "https://oauth2.example.com", func(f map[string]string) { f["project_id"] = "" }),
		"no key":     key(t, "https://oauth2.example.com", func(f map[string]string) { f["private_key"] = "hunter2" }),
		"a broken key": key(t, "https://oauth2.example.com", func(f map[string]string) {
			f["private_key"] = "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n"
		}),
		"tokens in clear": key(t, "http://hunter2.example.com"),
	} {
		_, err := fcm.ParseCredentials(text)
		if err == nil {
			t.Errorf("%s: they are taken", name)
		} else if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "aHVud") {
			t.Errorf("%s: they show in %v", name, err)
		}
	}
}
