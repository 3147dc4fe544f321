package notify_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// A person waits for a code. Its way to a provider is open, however many notices and notifications wait for one that is slow.
func TestACodeIsSentAtOnceWhateverElseWaits(t *testing.T) {
	t.Parallel()

	hold := make(chan struct{})
	codes := make(chan notify.Message, 10)
	var ended atomic.Int64
	slow := provider(func(ctx context.Context, m notify.Message) error {
		if !m.Code.Empty() {
			codes <- m
			return nil
		}
		defer ended.Add(1)
		select {
		case <-hold:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	b := setupSenders(t, senders{mail: slow, sms: slow, push: held{hold}})
	defer close(hold)
	// A thousand notifications for one user, and as many notices for the workers of each channel as there are, three times over.
	devices := make([]uuid.UUID, 20)
	for i := range devices {
		devices[i] = uuid.New()
	}
	for n := range 50 {
		b.inTx(func(tx db.Tx) error {
			if err := b.queue.SendPush(t.Context(), tx, "usr_ada", devices, notify.Notification{Kind: notify.KindMessage, Title: "Hello", Body: "words"}); err != nil {
				return err
			}
			for _, channel := range []notify.Channel{notify.Email, notify.SMS} {
				if _, err := b.queue.SendNotice(t.Context(), tx, fmt.Sprint("usr_", n), notify.Notice{Kind: notify.PasswordChanged, Channel: channel, To: fmt.Sprint(n), Locale: "en"}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	await(t, func() (int, bool) {
		var running int
		if err := b.db.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE state = 'running'").Scan(&running); err != nil {
			t.Fatal(err)
		}
		return running, running == 30
	})
	for _, to := range []struct {
		channel notify.Channel
		contact string
	}{{notify.SMS, phone}, {notify.Email, ada}} {
		asked := time.Now()
		id := b.ask(to.channel, to.contact)
		if m := <-codes; m.ID != id {
			t.Errorf("another message comes first: %+v", m)
		}
		t.Logf("by %s, the code was handed over after %v", to.channel, time.Since(asked).Round(time.Millisecond))
		if n := ended.Load(); n != 0 {
			t.Errorf("by %s, the code waited until %d notices had ended", to.channel, n)
		}
	}
}

// held is a push service that hangs until it is let go.
type held struct{ hold chan struct{} }

// SendPush hangs.
func (h held) SendPush(ctx context.Context, _ notify.Push) (notify.Receipt, error) {
	select {
	case <-h.hold:
		return notify.Receipt{Provider: "test"}, nil
	case <-ctx.Done():
		return notify.Receipt{}, ctx.Err()
	}
}

func (b *bundle) inTx(do func(tx db.Tx) error) {
	b.t.Helper()
	if err := b.db.InTx(b.t.Context(), do); err != nil {
		b.t.Fatal(err)
	}
}

// order is a provider that remembers in which order it was asked, once it is let go.
type order struct {
	hold  chan struct{}
	mu    sync.Mutex
	asked []string
	n     atomic.Int64
}

func (o *order) take(ctx context.Context, to string) error {
	o.n.Add(1)
	select {
	case <-o.hold:
	case <-ctx.Done():
		return ctx.Err()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked = append(o.asked, to)
	return nil
}

// SendPush takes a notification.
func (o *order) SendPush(ctx context.Context, p notify.Push) (notify.Receipt, error) {
	return notify.Receipt{Provider: "test"}, o.take(ctx, p.User)
}

// place returns how many messages went before the last one to a recipient.
func (o *order) place(to string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.asked {
		if o.asked[len(o.asked)-1-i] == to {
			return len(o.asked) - 1 - i
		}
	}
	return -1
}

// Of a backlog of two hundred messages to one recipient, at most those go before another one's message that are under way, and a
// few more.
func TestOneRecipientsBacklogDelaysNoOther(t *testing.T) {
	t.Parallel()

	const backlog, atOnce = 200, 10
	for name, queue := range map[string]struct {
		ada, bob string
		one      func(b *bundle, tx db.Tx, n int) error
		last     func(b *bundle, tx db.Tx) error
	}{
		"notices by mail": {
			ada, "bob@example.com",
			func(b *bundle, tx db.Tx, n int) error {
				_, err := b.queue.SendNotice(b.t.Context(), tx, fmt.Sprint(n), notify.Notice{Kind: notify.ContactLost, Channel: notify.Email, To: ada, Locale: "en"})
				return err
			},
			func(b *bundle, tx db.Tx) error {
				_, err := b.queue.SendNotice(b.t.Context(), tx, "bob", notify.Notice{Kind: notify.ContactLost, Channel: notify.Email, To: "bob@example.com", Locale: "en"})
				return err
			},
		},
		"messages of an administrator": {
			"usr_ada", "usr_bob",
			func(b *bundle, tx db.Tx, _ int) error { return b.message(tx, "usr_ada") },
			func(b *bundle, tx db.Tx) error { return b.message(tx, "usr_bob") },
		},
		"a notice behind messages of an administrator": {
			"usr_ada", "usr_bob",
			func(b *bundle, tx db.Tx, n int) error { return b.message(tx, fmt.Sprint("usr_", n)) },
			func(b *bundle, tx db.Tx) error {
				_, err := b.queue.PushNotice(b.t.Context(), tx, "usr_bob", []uuid.UUID{uuid.New()}, notify.Notice{Kind: notify.PasswordChanged, Locale: "en"})
				return err
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := &order{hold: make(chan struct{})}
			mails := provider(func(ctx context.Context, m notify.Message) error { return o.take(ctx, m.To) })
			b := setupSenders(t, senders{mail: mails, push: o})
			b.inTx(func(tx db.Tx) error {
				for n := range backlog {
					if err := queue.one(b, tx, n); err != nil {
						return err
					}
				}
				return nil
			})
			await(t, func() (int64, bool) { return o.n.Load(), o.n.Load() == atOnce })
			b.inTx(func(tx db.Tx) error { return queue.last(b, tx) })
			close(o.hold)
			place := await(t, func() (int, bool) { place := o.place(queue.bob); return place, place >= 0 })
			// By then ten were being sent, and up to ten were fetched from the queue.
			if place > 3*atOnce {
				t.Errorf("%d of %d messages went before that of another recipient", place, backlog)
			}
		})
	}
}

// message queues a notification of an administrator for one device.
func (b *bundle) message(tx db.Tx, user string) error {
	return b.queue.SendPush(b.t.Context(), tx, user, []uuid.UUID{uuid.New()}, notify.Notification{Kind: notify.KindMessage, Title: "Hello", Body: "words"})
}

// Many notifications are queued by a handful of statements, whatever the number of devices.
func TestNotificationsTakeTheirPlacesByRecipient(t *testing.T) {
	t.Parallel()

	b := prepare(t)
	b.runNothing()
	devices := make([]uuid.UUID, 20)
	for i := range devices {
		devices[i] = uuid.New()
	}
	b.inTx(func(tx db.Tx) error {
		_, err := b.queue.PushNotice(t.Context(), tx, "usr_ada", devices, notify.Notice{Kind: notify.PasswordChanged, Locale: "en"})
		return err
	})
	b.inTx(func(tx db.Tx) error { return b.message(tx, "usr_ada") })
	b.inTx(func(tx db.Tx) error { return b.message(tx, "usr_bob") })
	got := map[string]int{}
	rows, err := b.db.Query(t.Context(), "SELECT args ->> 'user' || ' ' || priority, count(*) FROM river_job GROUP BY 1")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var (
			key string
			n   int
		)
		if err := rows.Scan(&key, &n); err != nil {
			t.Fatal(err)
		}
		got[key] = n
	}
	if want := map[string]int{"usr_ada 1": 3, "usr_ada 2": 17, "usr_ada 4": 1, "usr_bob 3": 1}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the jobs have the priorities %v, want %v", got, want)
	}
}
