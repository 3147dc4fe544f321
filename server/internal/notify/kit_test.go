package notify_test

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const (
	patience  = time.Minute
	ttl, wait = 10 * time.Minute, time.Minute
)

// provider is both senders, and does what the test says.
type provider func(ctx context.Context, m notify.Message) error

func (p provider) send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	if err := p(ctx, m); err != nil {
		return notify.Receipt{}, err
	}
	return notify.Receipt{Provider: "test", ID: "message-1"}, nil
}

// SendMail does it with a mail.
func (p provider) SendMail(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	return p.send(ctx, m)
}

// SendSMS does it with an SMS.
func (p provider) SendSMS(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	return p.send(ctx, m)
}

// bundle is a running queue with real codes.
type bundle struct {
	t             *testing.T
	clock         *dbtest.Clock
	db            *db.DB
	queue         *notify.Queue
	verifications *verification.Service
	sends         *notify.Sends
	log           *lockedBuffer
	// tried has a message for each try.
	tried chan notify.Message
	// hurries runs jobs that wait for a retry at once, while a send is awaited.
	hurries bool
}

func setup(t *testing.T, send provider) *bundle {
	t.Helper()
	b := prepare(t)
	b.start(send)
	return b
}

// setupSenders runs the queue with senders that speak to servers.
func setupSenders(t *testing.T, s senders) *bundle {
	t.Helper()
	b := prepare(t)
	b.run(b.clock.Now, s)
	return b
}

func prepare(t *testing.T) *bundle {
	t.Helper()
	// An hour behind, so that the wait before a further try is over at once.
	clock := dbtest.NewClock()
	clock.Advance(-time.Hour)
	b := &bundle{t: t, clock: clock, db: dbtest.New(t, clock.Now), log: &lockedBuffer{}, tried: make(chan notify.Message, 1000)}
	b.sends = notify.NewSends(b.db)
	b.verifications = verification.New(b.db, codes(t))
	return b
}

// senders are the ways out. What a test does not send by may be nil.
type senders struct {
	mail notify.MailSender
	sms  notify.SMSSender
	push notify.PushSender
}

func codes(t testing.TB) verification.Config {
	t.Helper()
	master, err := secret.NewMaster(secret.NewText("a master secret for tests of delivery"))
	if err != nil {
		t.Fatal(err)
	}
	return verification.Config{CodeTTL: ttl, ResendWait: wait, ProofTTL: 15 * time.Minute, Master: master}
}

func (b *bundle) start(send provider) { b.startAt(b.clock.Now, send) }

func (b *bundle) startAt(clock db.Clock, send provider) {
	b.t.Helper()
	watched := provider(func(ctx context.Context, m notify.Message) error {
		err := send(ctx, m)
		b.tried <- m
		return err
	})
	b.run(clock, senders{mail: watched, sms: watched})
}

func (b *bundle) run(clock db.Clock, s senders) {
	b.t.Helper()
	client := b.client(clock, s)
	if err := client.Start(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() {
		if err := client.Stop(context.Background()); err != nil {
			b.t.Error(err)
		}
	})
}

// runNothing has jobs queued and not run.
func (b *bundle) runNothing() {
	b.t.Helper()
	b.client(b.clock.Now, senders{})
}

func (b *bundle) client(clock db.Clock, s senders) *jobs.Client {
	b.t.Helper()
	set := jobs.NewSet()
	notify.Add(set, notify.Deps{
		DB: b.db, Mail: s.mail, SMS: s.sms, Push: s.push, Codes: b.verifications,
		FindToken: func(_ context.Context, device uuid.UUID) (secret.Text, bool, error) {
			return secret.NewText(device.String()), true, nil
		},
		Clock: clock, Log: slog.New(slog.NewTextHandler(b.log, nil)),
	})
	client, err := jobs.New(b.db, set, slog.New(slog.DiscardHandler))
	if err != nil {
		b.t.Fatal(err)
	}
	b.queue = notify.New(client, ratelimit.New(b.db, ratelimit.Config{}))
	return client
}

const (
	ada   = "ada@example.com"
	phone = "+821012345678"
	other = "+821087654321"
)

// ask requests a code, as SendCode does, and returns its verification.
func (b *bundle) ask(channel notify.Channel, to string) uuid.UUID {
	b.t.Helper()
	id, err := b.tryAsk(channel, to, false, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return id
}

func (b *bundle) tryAsk(channel notify.Channel, to string, withheld bool, outcome error) (id uuid.UUID, err error) {
	ctx := b.t.Context()
	contact := verification.Contact{Channel: verification.Email, Value: to}
	if channel == notify.SMS {
		contact.Channel = verification.Phone
	}
	err = b.db.InTx(ctx, func(tx db.Tx) error {
		started, err := b.verifications.Start(ctx, tx, verification.StartInput{
			Purpose: verification.SignUp, Contact: contact, Locale: "en", Withheld: withheld,
		})
		if err != nil {
			return err
		}
		id = started.ID
		if err := b.queue.SendCode(ctx, tx, contact, id); err != nil {
			return err
		}
		return outcome
	})
	return id, err
}

func (b *bundle) awaitTry() notify.Message {
	b.t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case m := <-b.tried:
		return m
	case <-timeout.C:
		b.t.Fatalf("nothing was tried within %v", patience)
		return notify.Message{}
	}
}

// awaitSend waits until a send is in one of the states.
func (b *bundle) awaitSend(id uuid.UUID, states ...notify.SendState) notify.Send {
	b.t.Helper()
	var to string
	if err := b.db.QueryRow(b.t.Context(), "SELECT contact FROM sends WHERE id = $1", id).Scan(&to); err != nil {
		b.t.Fatal(err)
	}
	return b.awaitLast(notify.Recipient{Email: to, Phone: to, User: to}, func(send notify.Send) bool {
		return send.ID == id && slices.Contains(states, send.State)
	})
}

// awaitLast waits until there is such a send.
func (b *bundle) awaitLast(to notify.Recipient, is func(notify.Send) bool) notify.Send {
	b.t.Helper()
	return await(b.t, func() (notify.Send, bool) {
		if b.hurries {
			b.exec("UPDATE river_job SET state = 'available', scheduled_at = now() WHERE state = 'retryable'")
		}
		sends, err := b.sends.Last(b.t.Context(), to, 100)
		if err != nil {
			b.t.Fatal(err)
		}
		for _, send := range sends {
			if is(send) {
				return send, true
			}
		}
		return notify.Send{}, false
	})
}

// exec runs a statement.
func (b *bundle) exec(statement string, args ...any) {
	b.t.Helper()
	if _, err := b.db.Exec(b.t.Context(), statement, args...); err != nil {
		b.t.Fatal(err)
	}
}

// await polls a condition.
func await[T any](t *testing.T, ask func() (T, bool)) T {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	for {
		if answer, ok := ask(); ok {
			return answer
		}
		select {
		case <-again.C:
		case <-timeout.C:
			var none T
			t.Fatalf("it did not come to pass within %v", patience)
			return none
		}
	}
}

// lockedBuffer is a log that the test may read meanwhile.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}
