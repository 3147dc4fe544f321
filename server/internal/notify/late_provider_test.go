package notify_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gosmtp "github.com/emersion/go-smtp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// atMost is the time that a provider that hangs has in these tests. The request has to reach it within that, also on a busy machine.
const atMost = 4 * time.Second

// hurried is a real sender that has less time.
type hurried senders

// SendMail has less time.
func (h hurried) SendMail(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	return h.mail.SendMail(ctx, m)
}

// SendSMS has less time.
func (h hurried) SendSMS(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	return h.sms.SendSMS(ctx, m)
}

// SendPush has less time.
func (h hurried) SendPush(ctx context.Context, p notify.Push) (notify.Receipt, error) {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	return h.push.SendPush(ctx, p)
}

// smsProviders are all of them, with the response that accepts a message, and one that certainly does not for now.
var smsProviders = map[string]struct {
	make       func(url string) (notify.SMSSender, error)
	taken      string
	status     int
	busy       string
	busyStatus int
}{
	"solapi": {
		make: func(url string) (notify.SMSSender, error) {
			return solapi.New(solapi.Config{URL: url, Key: "key", Secret: secret.NewText("secret"), From: "021234567", Clock: time.Now})
		},
		taken: `{"messageId":"M4V","statusCode":"2000"}`, status: 200, busy: `{"errorCode":"InternalError"}`, busyStatus: 500,
	},
	"sens": {
		make: func(url string) (notify.SMSSender, error) {
			return sens.New(sens.Config{URL: url, ServiceID: "ncp:sms:kr:1:x", AccessKey: "key", SecretKey: secret.NewText("secret"), From: "021234567", Clock: time.Now})
		},
		taken: `{"requestId":"V","statusCode":"202","statusName":"success"}`, status: 202, busy: `{"error":{"errorCode":"410"}}`, busyStatus: 429,
	},
	"twilio": {
		make: func(url string) (notify.SMSSender, error) {
			return twilio.New(twilio.Config{
				URL: url, AccountSID: "AC00000000000000000000000000000000", AuthToken: secret.NewText("secret"), From: "+15005550006", Clock: time.Now,
			})
		},
		taken: `{"sid":"SM1","status":"queued"}`, status: 201, busy: `{"code":20500}`, busyStatus: 500,
	},
	"http": {
		make: func(url string) (notify.SMSSender, error) {
			return httpsms.New(httpsms.Config{URL: secret.NewText(url), Body: httpsms.Body, Success: "accepted", From: "021234567", Clock: time.Now})
		},
		taken: `{"accepted":true}`, status: 200, busy: ``, busyStatus: 503,
	},
}

// left counts how many more codes a number can have in this hour, without sending any.
func (b *bundle) left(to string) int {
	b.t.Helper()
	var sends int
	if err := b.db.QueryRow(b.t.Context(), "SELECT cardinality(sent_at) FROM code_budgets WHERE contact = $1", to).Scan(&sends); err != nil {
		b.t.Fatal(err)
	}
	return 5 - sends
}

// A provider that may have accepted a code gets it once more, and no third time while the code is valid. It may have arrived, so
// the send counts, and support sees that.
func TestRL06_ACodeThatMayHaveBeenTakenGoesOutOnceMore(t *testing.T) {
	t.Parallel()

	for name, p := range smsProviders {
		late := func(w http.ResponseWriter, r *http.Request) {
			timer := time.NewTimer(2 * atMost)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-r.Context().Done():
			}
			w.WriteHeader(p.status)
			_, _ = io.WriteString(w, p.taken)
		}
		cut := func(w http.ResponseWriter, _ *http.Request) {
			if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
				_ = conn.Close()
			}
		}
		says := func(status int, body string) http.HandlerFunc {
			return func(w http.ResponseWriter, _ *http.Request) {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			}
		}
		// The repeat is answered.
		var times atomic.Int64
		once := func(w http.ResponseWriter, r *http.Request) {
			if times.Add(1) == 1 {
				cut(w, r)
				return
			}
			says(p.status, p.taken)(w, r)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			servers, ways := map[string]*gatewaytest.Server{}, byNumber{}
			numbers := map[string]string{}
			for trouble, answer := range map[string]http.HandlerFunc{
				"answers late": late, "hangs up": cut, "has a proxy that gets no answer": says(502, "<html>"),
				"has a proxy that waits no longer": says(504, ""), "says nothing": says(p.status, ""), "fails without a word": says(500, ""),
				"answers the repeat": once,
			} {
				servers[trouble] = gatewaytest.New(t)
				servers[trouble].Does(answer)
				sender, err := p.make(servers[trouble].URL)
				if err != nil {
					t.Fatal(err)
				}
				numbers[trouble] = fmt.Sprintf("+82101234567%d", len(numbers))
				if trouble == "answers late" {
					sender = hurried{sms: sender}
				}
				ways[numbers[trouble]] = sender
			}
			b := setupSenders(t, senders{sms: ways})
			sends := map[string]uuid.UUID{}
			for trouble, number := range numbers {
				sends[trouble] = b.ask(notify.SMS, number)
			}
			for trouble, id := range sends {
				want, job := notify.SendUnknown, "cancelled"
				if trouble == "answers the repeat" {
					want, job = notify.SendTaken, "completed"
				}
				send := b.awaitSend(id, notify.SendUnknown, notify.SendTaken, notify.SendFailed, notify.SendDropped)
				b.awaitJob(id, job)
				if asked := len(servers[trouble].Asked()); asked != 2 || send.Tries != 2 || send.State != want {
					t.Errorf("%s: it got the code %d times, noted is %+v", trouble, asked, send)
				}
				if left := b.left(numbers[trouble]); left != 4 {
					t.Errorf("%s: %d sends are left, want 4: one was used", trouble, left)
				}
			}
		})
	}
}

// byNumber uses a different sender for each number.
type byNumber map[string]notify.SMSSender

// SendSMS sends in the number's way.
func (b byNumber) SendSMS(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	return b[m.To].SendSMS(ctx, m)
}

// If a provider has certainly not accepted a code, attempts go on while the code is valid. If it is given up, it costs no send.
func TestRL06_ACodeThatWasCertainlyNotAcceptedIsRetried(t *testing.T) {
	t.Parallel()

	for name, p := range smsProviders {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := gatewaytest.New(t)
			sender, err := p.make(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			b := setupSenders(t, senders{sms: sender})
			b.hurries = true
			var times, takes atomic.Int64
			takes.Store(4)
			server.Does(func(w http.ResponseWriter, _ *http.Request) {
				status, body := p.busyStatus, p.busy
				if times.Add(1) == takes.Load() {
					status, body = p.status, p.taken
				}
				w.WriteHeader(status)
				_, _ = io.WriteString(w, body)
			})
			id := b.ask(notify.SMS, phone)
			if send := b.awaitSend(id, notify.SendTaken); send.Tries != 4 || times.Load() != 4 {
				t.Errorf("it was asked %d times, noted is %+v", times.Load(), send)
			}
			// The next code ends while the provider is busy.
			takes.Store(0)
			b.clock.Advance(wait)
			second := b.ask(notify.SMS, phone)
			b.awaitLast(notify.Recipient{Phone: phone}, func(send notify.Send) bool { return send.ID == second && send.Tries == 3 })
			b.clock.Advance(ttl)
			send := b.awaitSend(second, notify.SendFailed, notify.SendDropped)
			b.awaitJob(second, "cancelled")
			if left := b.left(phone); left != 4 {
				t.Errorf("after %+v, %d sends are left, want 4: the one that was taken counts, the other does not", send, left)
			}
		})
	}
	t.Run("the connection is refused", func(t *testing.T) {
		t.Parallel()
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := "http://" + listener.Addr().String()
		if err := listener.Close(); err != nil {
			t.Fatal(err)
		}
		sender, err := smsProviders["http"].make(address)
		if err != nil {
			t.Fatal(err)
		}
		b := setupSenders(t, senders{sms: sender})
		b.hurries = true
		id := b.ask(notify.SMS, phone)
		b.exec("UPDATE river_job SET max_attempts = 4")
		send := b.awaitSend(id, notify.SendFailed)
		// The send is given back after its row is written.
		b.awaitJob(id, "discarded")
		if send.Tries != 4 || b.left(phone) != 5 {
			t.Errorf("it is noted as %+v, and %d sends are left", send, b.left(phone))
		}
	})
}

// mailbox is a mail server that has every mail, and answers late.
type mailbox struct {
	taken atomic.Int64
	hold  chan struct{}
}

// NewSession greets a client.
func (m *mailbox) NewSession(*gosmtp.Conn) (gosmtp.Session, error) { return &lateSession{m}, nil }

type lateSession struct{ box *mailbox }

// Mail begins a mail.
func (*lateSession) Mail(string, *gosmtp.MailOptions) error { return nil }

// Rcpt takes a recipient.
func (*lateSession) Rcpt(string, *gosmtp.RcptOptions) error { return nil }

// Data takes the mail, and does not answer.
func (s *lateSession) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	s.box.taken.Add(1)
	<-s.box.hold
	return nil
}

// Reset has nothing to forget.
func (*lateSession) Reset() {}

// Logout has nothing to end.
func (*lateSession) Logout() error { return nil }

func TestRL06_AMailThatMayHaveBeenTakenGoesOutOnceMore(t *testing.T) {
	t.Parallel()

	box := &mailbox{hold: make(chan struct{})}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := gosmtp.NewServer(box)
	server.Domain = "mail.test"
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() {
		close(box.hold)
		_ = server.Close()
		serving.Wait()
	})
	sender, err := smtp.New(smtp.Config{
		Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, TLS: smtp.None, From: "no-reply@example.com", Clock: time.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sender.Close)
	b := setupSenders(t, senders{mail: hurried{mail: sender}})

	id := b.ask(notify.Email, ada)
	send := b.awaitSend(id, notify.SendUnknown)
	b.awaitJob(id, "cancelled")
	if n := box.taken.Load(); n != 2 || send.Tries != 2 || b.left(ada) != 4 {
		t.Errorf("the server has the code %d times, noted is %+v, and %d sends are left", n, send, b.left(ada))
	}
	// The same for a notice, which is useful for a day.
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		_, err := b.queue.SendNotice(t.Context(), tx, "ada", notify.Notice{Kind: notify.PasswordChanged, Channel: notify.Email, To: ada, Locale: "en"})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b.awaitLast(notify.Recipient{Email: ada}, func(s notify.Send) bool { return s.Kind == "password_changed" && s.State == notify.SendUnknown })
	if n := box.taken.Load(); n != 4 {
		t.Errorf("the server has the notice %d times", n-2)
	}
}

func TestRL06_ANotificationThatMayHaveBeenTakenGoesOutOnceMore(t *testing.T) {
	t.Parallel()

	tokens, messages := gatewaytest.New(t), gatewaytest.New(t)
	tokens.Answers(200, `{"access_token":"ya29.token","token_type":"Bearer","expires_in":3599}`, "Content-Type", "application/json")
	messages.Does(func(w http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		_, _ = io.WriteString(w, `{"name":"projects/latchkey-test/messages/1"}`)
	})
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	file, err := json.Marshal(map[string]string{
		"type": "service_account", "project_id": "latchkey-test", "client_email": "push@latchkey-test.iam.gserviceaccount.com",
		"private_key": string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), "token_uri": tokens.URL,
	})
	if err != nil {
		t.Fatal(err)
	}
	sender, err := fcm.New(t.Context(), fcm.Config{Credentials: secret.NewText(string(file)), Endpoint: messages.URL, Clock: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	b := setupSenders(t, senders{push: hurried{push: sender}})
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		return b.queue.SendPush(t.Context(), tx, "usr_ada", []uuid.UUID{uuid.New()}, notify.Notification{Kind: notify.KindMessage, Title: "Hello", Body: "words"})
	}); err != nil {
		t.Fatal(err)
	}
	send := b.awaitLast(notify.Recipient{User: "usr_ada"}, func(s notify.Send) bool { return s.State == notify.SendUnknown })
	if n := len(messages.Asked()); n != 2 || send.Tries != 2 {
		t.Errorf("Firebase has it %d times, noted is %+v", n, send)
	}
}

// With a second provider, the repeat goes there: the first rests. In all, there are two.
func TestRL06_TheRepeatGoesToTheSecondProvider(t *testing.T) {
	t.Parallel()

	first, second := gatewaytest.New(t), gatewaytest.New(t)
	first.Does(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	second.Answers(200, smsProviders["solapi"].taken)
	both := map[string]notify.SMSSender{}
	for name, server := range map[string]*gatewaytest.Server{"sens": first, "solapi": second} {
		sender, err := smsProviders[name].make(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		both[name] = hurried{sms: sender}
	}
	b := prepare(t)
	b.run(b.clock.Now, senders{sms: notify.Fallback(both["sens"], both["solapi"], b.clock.Now)})
	id := b.ask(notify.SMS, phone)
	if send := b.awaitSend(id, notify.SendTaken); send.Provider != "solapi" || send.Tries != 2 {
		t.Errorf("it is noted as %+v", send)
	}
	if len(first.Asked()) != 1 || len(second.Asked()) != 1 {
		t.Errorf("the first got it %d times, the second %d times", len(first.Asked()), len(second.Asked()))
	}
	// When both are late, each has it once, and nothing more goes out.
	second.Does(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	b.clock.Advance(wait)
	id = b.ask(notify.SMS, other)
	b.awaitSend(id, notify.SendUnknown)
	b.awaitJob(id, "cancelled")
	if n := len(first.Asked()) + len(second.Asked()); n != 4 {
		t.Errorf("the second code went out %d times", n-2)
	}
}
