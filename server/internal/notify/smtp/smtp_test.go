package smtp_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func sender(t *testing.T, s *server, way smtp.TLS, change ...func(*smtp.Config)) *smtp.Sender {
	t.Helper()
	cfg := smtp.Config{
		Host: "127.0.0.1", Port: s.port, TLS: way, User: user, Password: secret.NewText(password),
		From: "Latchkey <no-reply@example.com>", Clock: time.Now, RootCAs: s.roots,
	}
	for _, c := range change {
		c(&cfg)
	}
	made, err := smtp.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(made.Close)
	return made
}

func message() notify.Message {
	return notify.Message{
		ID: uuid.New(), Channel: notify.Email, To: "ada@example.com",
		Subject: secret.NewText("Latchkey 인증번호 042917"), Text: secret.NewText("인증번호는 042917 입니다.\n\n안녕히 계세요."),
		HTML: secret.NewText("<!doctype html><p>인증번호는 <b>042917</b> 입니다.</p>"), Code: secret.NewText("042917"),
	}
}

// failure sends a mail that is not taken.
func failure(t *testing.T, s *smtp.Sender, ctx context.Context) *notify.SendError { //nolint:revive // the test comes first
	t.Helper()
	_, err := s.SendMail(ctx, message())
	var failed *notify.SendError
	if !errors.As(err, &failed) {
		t.Fatalf("SendMail = %v", err)
	}
	if strings.Contains(failed.Error(), "042917") || strings.Contains(failed.Error(), "ada") || failed.Provider != "smtp" {
		t.Errorf("the error says too much: %v", failed)
	}
	return failed
}

func TestAMailArrives(t *testing.T) {
	t.Parallel()

	for _, way := range []smtp.TLS{smtp.StartTLS, smtp.Implicit} {
		server := trusted(t, way)
		sent := message()
		receipt, err := sender(t, server, way).SendMail(t.Context(), sent)
		if err != nil {
			t.Fatalf("%s: %v", way, err)
		}
		got := server.last()
		if got.from != "no-reply@example.com" || got.to != "ada@example.com" || !got.tls || len(server.logins) != 1 {
			t.Errorf("%s: from %s to %s, encrypted %t, logins %v", way, got.from, got.to, got.tls, server.logins)
		}
		if receipt.Provider != "smtp" || receipt.ID != sent.ID.String()+"@example.com" {
			t.Errorf("%s: the receipt is %+v", way, receipt)
		}
	}
}

func TestAMailHasTheHeadersAndPartsThatItNeeds(t *testing.T) {
	t.Parallel()

	server := trusted(t, smtp.StartTLS)
	sent := message()
	if _, err := sender(t, server, smtp.StartTLS).SendMail(t.Context(), sent); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(bytes.NewReader(server.last().data))
	if err != nil {
		t.Fatal(err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
	if err != nil || subject != sent.Subject.Reveal() {
		t.Errorf("the subject is %q: %v", subject, err)
	}
	for name, want := range map[string]string{
		"From": `"Latchkey" <no-reply@example.com>`, "To": "<ada@example.com>", "Message-Id": "<" + sent.ID.String() + "@example.com>",
		"Mime-Version": "1.0", "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All", "User-Agent": "", "X-Mailer": "",
	} {
		if value := got.Header.Get(name); value != want {
			t.Errorf("%s is %q, want %q", name, value, want)
		}
	}
	if date, err := got.Header.Date(); err != nil || time.Since(date).Abs() > time.Minute {
		t.Errorf("it is of %v: %v", date, err)
	}
	parts := partsOf(t, got)
	if len(parts) != 2 || parts[0] != [2]string{"text/plain", sent.Text.Reveal()} || parts[1] != [2]string{"text/html", sent.HTML.Reveal()} {
		t.Errorf("its parts are %q", parts)
	}
	if regexp.MustCompile(`(?m)^.{999,}$`).Match(server.last().data) {
		t.Error("a line is longer than RFC 5322 allows")
	}
}

// partsOf reads the parts of a mail whose reader shows the last one that it can.
func partsOf(t *testing.T, m *mail.Message) (parts [][2]string) {
	t.Helper()
	kind, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatalf("the mail is %q: %v", m.Header.Get("Content-Type"), err)
	}
	for reader := multipart.NewReader(m.Body, parameters["boundary"]); ; {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			return parts
		}
		if err != nil {
			t.Fatal(err)
		}
		body := io.Reader(part)
		if part.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
			body = quotedprintable.NewReader(part)
		}
		text, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		kind, parameters, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		if err != nil || !strings.EqualFold(parameters["charset"], "utf-8") {
			t.Errorf("a part is %q: %v", part.Header.Get("Content-Type"), err)
		}
		parts = append(parts, [2]string{kind, strings.ReplaceAll(string(text), "\r\n", "\n")})
	}
}

// No text in an address or a subject can add a recipient, a header or a command.
func TestIN06_NothingIsInjectedIntoAMail(t *testing.T) {
	t.Parallel()

	server := trusted(t, smtp.StartTLS)
	made := sender(t, server, smtp.StartTLS)
	for _, address := range []string{
		"ada@example.com\r\nBcc: eve@example.com", "ada@example.com\nRCPT TO:<eve@example.com>", "ada@example.com, eve@example.com",
		"ada@example.com> <eve@example.com", "Ada <ada@example.com>", "ada@example.com\r\n.\r\nMAIL FROM:<eve@example.com>", "", "ada",
	} {
		m := message()
		m.To = address
		_, err := made.SendMail(t.Context(), m)
		var failed *notify.SendError
		if !errors.As(err, &failed) || failed.Class != notify.Refused {
			t.Errorf("to %q: %v", address, err)
		}
	}
	if _, mails := server.count(); mails != 0 {
		t.Fatalf("%d mails were sent", mails)
	}
	for _, words := range []string{
		"hello\r\nBcc: eve@example.com", "hello\r\n\r\n<b>a body</b>", "hello\n.\nMAIL FROM:<eve@example.com>", "=?utf-8?q?=0d=0aBcc:_eve=40example.com?=",
	} {
		m := message()
		m.Subject, m.Text = secret.NewText(words), secret.NewText(words)
		if _, err := made.SendMail(t.Context(), m); err != nil {
			t.Fatal(err)
		}
		got, err := mail.ReadMessage(bytes.NewReader(server.last().data))
		if err != nil {
			t.Fatal(err)
		}
		if got.Header.Get("Bcc") != "" || server.last().to != "ada@example.com" || server.last().from != "no-reply@example.com" {
			t.Errorf("%q was taken for more than words:\n%s", words, server.last().data)
		}
		if parts := partsOf(t, got); len(parts) != 2 || parts[0][1] != strings.ReplaceAll(words, "\r\n", "\n") {
			t.Errorf("%q became %q", words, parts)
		}
	}
}

func TestConnectionsServeOneMailAfterTheOther(t *testing.T) {
	t.Parallel()

	server := trusted(t, smtp.StartTLS)
	made := sender(t, server, smtp.StartTLS)
	for range 5 {
		if _, err := made.SendMail(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
	}
	if connections, mails := server.count(); connections != 1 || mails != 5 {
		t.Errorf("%d mails went through %d connections", mails, connections)
	}
	// A server may close a connection that is idle. The next mail goes out all the same.
	server.hangUp()
	if _, err := made.SendMail(t.Context(), message()); err != nil {
		t.Fatal(err)
	}
	if connections, mails := server.count(); connections != 2 || mails != 6 {
		t.Errorf("afterwards, %d mails went through %d connections", mails, connections)
	}
}

func TestConnectionsThatAreIdleForLongAreNotUsed(t *testing.T) {
	t.Parallel()

	var (
		mu  sync.Mutex
		now = time.Now()
	)
	server := trusted(t, smtp.StartTLS)
	made := sender(t, server, smtp.StartTLS, func(c *smtp.Config) {
		c.Clock = func() time.Time {
			mu.Lock()
			defer mu.Unlock()
			return now
		}
	})
	for range 2 {
		if _, err := made.SendMail(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
		mu.Lock()
		now = now.Add(time.Minute)
		mu.Unlock()
	}
	if connections, _ := server.count(); connections != 2 {
		t.Errorf("there were %d connections", connections)
	}
}

func TestMailsGoOutAtTheSameTime(t *testing.T) {
	t.Parallel()

	// Each mail waits for the others.
	var together sync.WaitGroup
	together.Add(10)
	server := trusted(t, smtp.StartTLS, func(s *server) {
		s.before = func(command string) {
			if command == "DATA" {
				together.Done()
				together.Wait()
			}
		}
	})
	made := sender(t, server, smtp.StartTLS)
	var all sync.WaitGroup
	for range 10 {
		all.Go(func() {
			if _, err := made.SendMail(t.Context(), message()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if connections, mails := server.count(); connections != 10 || mails != 10 {
		t.Errorf("%d mails went through %d connections", mails, connections)
	}
}

func TestASenderNeedsAnAddress(t *testing.T) {
	t.Parallel()

	for _, from := range []string{"", "Latchkey", "no-reply@", "a@example.com, b@example.com", "Latchkey <no-reply@example.com>\r\nBcc: eve@example.com"} {
		if _, err := smtp.New(smtp.Config{From: from}); err == nil {
			t.Errorf("%q is an address", from)
		}
	}
}
