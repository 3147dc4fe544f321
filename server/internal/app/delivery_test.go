package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net"
	"net/http"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const signUp = latchkeyv1.Purpose_PURPOSE_SIGN_UP

// mailServer is a real mail server on loopback, which passes on what arrives.
type mailServer struct {
	port  int
	mails chan string
	// hold delays each mail until it is closed.
	hold chan struct{}
}

func newMailServer(t *testing.T, hold chan struct{}) *mailServer {
	t.Helper()
	s := &mailServer{mails: make(chan string, 100), hold: hold}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &mailSession{s}, nil }))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	t.Cleanup(func() {
		_ = server.Close()
		<-done
	})
	return s
}

// settings send mails to this server.
func (s *mailServer) settings(to *settings.Settings) {
	to.SMTP.Host, to.SMTP.Port, to.SMTP.TLS, to.SMTP.From = "127.0.0.1", s.port, "none", "Latchkey <no-reply@example.com>"
}

func (s *mailServer) await(t *testing.T) string {
	t.Helper()
	timeout := time.NewTimer(time.Minute)
	defer timeout.Stop()
	select {
	case mail := <-s.mails:
		return mail
	case <-timeout.C:
		t.Fatal("no mail has arrived")
		return ""
	}
}

type mailSession struct{ *mailServer }

// Mail begins a mail.
func (*mailSession) Mail(string, *smtp.MailOptions) error { return nil }

// Rcpt accepts every recipient.
func (*mailSession) Rcpt(string, *smtp.RcptOptions) error { return nil }

// Data accepts the mail, after hold was closed.
func (s *mailSession) Data(r io.Reader) error {
	mail, err := io.ReadAll(r)
	if s.hold != nil {
		<-s.hold
	}
	s.mails <- string(mail)
	return err
}

// Reset does nothing.
func (*mailSession) Reset() {}

// Logout does nothing.
func (*mailSession) Logout() error { return nil }

// overHTTP sends text messages to a gateway.
func overHTTP(gateway *gatewaytest.Server) func(*settings.Settings) {
	return func(to *settings.Settings) {
		to.SMS.Provider, to.SMS.From, to.SMS.HTTP.URL, to.SMS.HTTP.Success = "http", "021234567", secret.NewText(gateway.URL), `"ok":true`
	}
}

// A user signs up with a code sent by a real mail server, and a number with a code sent by a real gateway.
func TestMessagesGoOutByTheProvidersThatAreSet(t *testing.T) {
	t.Parallel()

	server, gateway := newMailServer(t, nil), gatewaytest.New(t)
	gateway.Answers(http.StatusOK, `{"ok":true}`)
	env := latchkeytest.New(t, latchkeytest.With(server.settings), latchkeytest.With(overHTTP(gateway)))
	ada := env.Person("ada@example.com")
	asked := ada.AsksForCode(signUp)
	arrived := server.await(t)
	code := sixDigits(t, subjectOf(t, arrived))
	if !strings.Contains(arrived, "multipart/alternative") || !strings.Contains(arrived, "To: <ada@example.com>") {
		t.Errorf("the mail is\n%s", arrived)
	}
	ada.EntersCode(asked.GetVerificationId(), code)
	ada.SendsForm(ada.Form(asked.GetVerificationId()))

	byPhone, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
		Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: "010-1234-5678"},
	})
	if err != nil {
		t.Fatal(err)
	}
	env.AwaitJobs()
	var sms struct{ To, Text string }
	if err := json.Unmarshal([]byte(gateway.Asked()[0].Text), &sms); err != nil || sms.To != "+821012345678" {
		t.Fatalf("the SMS is %+v: %v", sms, err)
	}
	ada.EntersCode(byPhone.GetVerificationId(), sixDigits(t, sms.Text))
	if messages := list(t, env, ""); len(messages) != 0 {
		t.Errorf("in the outbox there are %v", messages)
	}
	sends, err := notify.NewSends(env.DB).Last(t.Context(), notify.Recipient{Email: "ada@example.com", Phone: "+821012345678"}, 10)
	if err != nil || len(sends) != 2 {
		t.Fatalf("noted are %+v: %v", sends, err)
	}
	for _, send := range sends {
		want := map[notify.Channel]string{notify.Email: "smtp", notify.SMS: "http"}[send.Channel]
		if send.State != notify.SendTaken || send.Provider != want || send.Kind != "code" {
			t.Errorf("noted is %+v", send)
		}
	}
}

// The messages of a channel without a provider stay on this machine.
func TestAChannelWithoutAProviderEndsInTheOutbox(t *testing.T) {
	t.Parallel()

	gateway := gatewaytest.New(t)
	gateway.Answers(http.StatusOK, `{"ok":true}`)
	env := latchkeytest.New(t, latchkeytest.With(overHTTP(gateway)))
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	if len(gateway.Asked()) != 0 {
		t.Error("a mail went to the gateway")
	}
}

// A mail server that hangs delays neither sign-up nor SMS.
func TestAMailServerThatHangsDelaysNoOtherChannel(t *testing.T) {
	t.Parallel()

	hold := make(chan struct{})
	server, gateway := newMailServer(t, hold), gatewaytest.New(t)
	defer close(hold)
	gateway.Answers(http.StatusOK, `{"ok":true}`)
	env := latchkeytest.New(t, latchkeytest.With(server.settings), latchkeytest.With(overHTTP(gateway)))
	for n := range 15 {
		env.Person(string(rune('a'+n)) + "@example.com").AsksForCode(signUp)
	}
	begun := time.Now()
	sent, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
		Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: "010-1234-5678"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for len(gateway.Asked()) == 0 {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("no SMS within ten seconds")
		}
		env.Rows("sends")
	}
	if sent.GetVerificationId() == "" {
		t.Error("there is no verification")
	}
}

// No text of a provider reaches the user, the log or a row.
func TestLG03_AProvidersTextReachesNoOne(t *testing.T) {
	t.Parallel()

	gateway := gatewaytest.New(t)
	gateway.Does(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, "internal-host-17 says: key rejected for 01012345678")
	})
	var log syncBuffer
	env := latchkeytest.New(t, latchkeytest.With(overHTTP(gateway)), latchkeytest.LogTo(slog.NewTextHandler(&log, nil)))
	if _, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
		Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: "010-1234-5678"},
	}); err != nil {
		t.Errorf("the user hears of it: %v", err)
	}
	env.AwaitJobs()
	code := gateway.Asked()[0].Text
	code = sixDigits(t, code)
	var kept string
	if err := env.DB.QueryRow(t.Context(), "SELECT (SELECT string_agg(to_jsonb(j)::text, '') FROM river_job j) || (SELECT string_agg(to_jsonb(s)::text, '') FROM sends s)").Scan(&kept); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"internal-host-17", "rejected", code} {
		if strings.Contains(kept, text) || strings.Contains(log.String(), text) {
			t.Errorf("%q is kept in\n%s\n%s", text, kept, log.String())
		}
	}
	if !strings.Contains(log.String(), "misconfigured") || !strings.Contains(log.String(), "ERROR") {
		t.Errorf("no operator hears of it:\n%s", log.String())
	}
}

func TestFixedCodes(t *testing.T) {
	t.Parallel()

	var log syncBuffer
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(&log, nil)), latchkeytest.With(func(s *settings.Settings) {
		s.Codes.FixedCodes, s.Codes.FixedCodesUntil = secret.NewText("Review@Example.com=135790"), time.Now().AddDate(0, 1, 0).Format(time.DateOnly)
	}))
	if !strings.Contains(log.String(), "review@example.com") || strings.Contains(log.String(), "135790") {
		t.Errorf("the log says\n%s", log.String())
	}
	review := env.Person("review@example.com")
	asked := review.AsksForCode(signUp)
	env.AwaitJobs()
	review.EntersCodeFails(asked.GetVerificationId(), "135791", latchkeyv1.Reason_REASON_CODE_MISMATCH)
	review.EntersCode(asked.GetVerificationId(), "135790")
	if messages := list(t, env, ""); len(messages) != 0 {
		t.Errorf("something was sent: %v", messages)
	}
	sends, err := notify.NewSends(env.DB).Last(t.Context(), notify.Recipient{Email: "review@example.com", Phone: ""}, 10)
	if err != nil || len(sends) != 1 || sends[0].State != notify.SendDropped || sends[0].LastError != "fixed" {
		t.Errorf("noted are %+v: %v", sends, err)
	}
}

func TestFixedCodesThatHaveEndedAreNone(t *testing.T) {
	t.Parallel()

	var log syncBuffer
	env := latchkeytest.New(t, latchkeytest.LogTo(slog.NewTextHandler(&log, nil)), latchkeytest.With(func(s *settings.Settings) {
		s.Codes.FixedCodes, s.Codes.FixedCodesUntil = secret.NewText("review@example.com=135790"), "2026-01-31"
	}))
	if !strings.Contains(log.String(), "have ended") {
		t.Errorf("the log says\n%s", log.String())
	}
	env.Person("review@example.com").SignsUp()
}

func TestFixedCodesHaveToEnd(t *testing.T) {
	t.Parallel()

	env := latchkeytest.New(t)
	defaults := latchkeytest.Defaults(t)
	defaults.Codes.FixedCodes, defaults.Codes.FixedCodesUntil = secret.NewText("review@example.com=135790"), "2099-12-31"
	master, err := secret.NewMaster(secret.NewText("a master secret for tests, and for nothing else"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = app.New(t.Context(), app.Config{Settings: defaults, DB: env.DB, Master: master, Log: slog.New(slog.DiscardHandler)})
	if err == nil || !strings.Contains(err.Error(), "LATCHKEY_FIXED_CODES_UNTIL") {
		t.Errorf("New = %v", err)
	}
}

func subjectOf(t *testing.T, text string) string {
	t.Helper()
	message, err := mail.ReadMessage(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		t.Fatal(err)
	}
	return subject
}

func sixDigits(t *testing.T, text string) string {
	t.Helper()
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if len(word) == 6 {
			return word
		}
	}
	t.Fatalf("there is no code in %s", text)
	return ""
}

// syncBuffer is a log that the test may read meanwhile.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write stores what is written.
func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
