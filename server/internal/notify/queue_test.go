package notify_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const patience = 20 * time.Second

// bundle is a running queue whose sender does what the test says.
type bundle struct {
	db    *db.DB
	queue *notify.Queue
	// tried has a message for each try.
	tried chan notify.Message
}

func setup(t *testing.T, find notify.FindCode, send notify.Send) *bundle {
	t.Helper()
	// An hour behind, so that the wait before a further try is over at once.
	clock := dbtest.NewClock()
	clock.Advance(-time.Hour)
	b := &bundle{db: dbtest.New(t, clock.Now), tried: make(chan notify.Message, 100)}
	set := jobs.NewSet()
	notify.Add(set, notify.Deps{
		FindCode: find,
		Send: func(ctx context.Context, m notify.Message) error {
			err := send(ctx, m)
			b.tried <- m
			return err
		},
		Clock: clock.Now,
	})
	client, err := jobs.New(b.db, set, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	b.queue = notify.New(client)
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Stop(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return b
}

// found is a code that is there for every verification.
func found(_ context.Context, _ notify.VerificationID) (notify.CodeMessage, bool, error) {
	return notify.CodeMessage{
		Channel: notify.Email, To: "ada@example.com", Locale: "en", Code: secret.NewText("042917"), ExpiresAt: time.Now(),
	}, true, nil
}

func (b *bundle) sendCode(t *testing.T, channel notify.Channel, outcome error) error {
	t.Helper()
	return b.db.InTx(t.Context(), func(tx db.Tx) error {
		if err := b.queue.SendCode(t.Context(), tx, channel, uuid.New()); err != nil {
			t.Fatal(err)
		}
		return outcome
	})
}

func (b *bundle) awaitTry(t *testing.T) notify.Message {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case m := <-b.tried:
		return m
	case <-timeout.C:
		t.Fatalf("nothing was sent within %v", patience)
		return notify.Message{}
	}
}

func TestOT08_AFailedSendIsTriedAgainWithTheSameCode(t *testing.T) {
	t.Parallel()

	var once sync.Once
	b := setup(t, found, func(context.Context, notify.Message) (err error) {
		once.Do(func() { err = errors.New("the provider is down") })
		return err
	})
	if err := b.sendCode(t, notify.Email, nil); err != nil {
		t.Fatal(err)
	}
	first, second := b.awaitTry(t), b.awaitTry(t)
	if first.Code != second.Code || first.To != second.To {
		t.Errorf("first %+v, then %+v", first, second)
	}
}

func TestAMessageGoesOutIfAndOnlyIfItsTransactionCommits(t *testing.T) {
	t.Parallel()

	b := setup(t, found, func(context.Context, notify.Message) error { return nil })
	refused := errors.New("refused")
	if err := b.sendCode(t, notify.Email, refused); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	var jobs int
	if err := b.db.QueryRow(t.Context(), "SELECT count(*) FROM river_job").Scan(&jobs); err != nil || jobs != 0 {
		t.Errorf("after the rollback there are %d jobs: %v", jobs, err)
	}
	if err := b.sendCode(t, notify.SMS, nil); err != nil {
		t.Fatal(err)
	}
	b.awaitTry(t)
}

// A mail server that hangs holds up no SMS.
func TestEachChannelHasAQueueOfItsOwn(t *testing.T) {
	t.Parallel()

	release := make(chan struct{})
	var mails sync.Map
	find := func(_ context.Context, id notify.VerificationID) (notify.CodeMessage, bool, error) {
		code, _, _ := found(context.Background(), id)
		if _, mail := mails.Load(id); !mail {
			code.Channel = notify.SMS
		}
		return code, true, nil
	}
	b := setup(t, find, func(ctx context.Context, m notify.Message) error {
		if m.Channel == notify.Email {
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return nil
	})
	defer close(release)
	for range 30 {
		if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
			id := uuid.New()
			mails.Store(id, true)
			return b.queue.SendCode(t.Context(), tx, notify.Email, id)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.sendCode(t, notify.SMS, nil); err != nil {
		t.Fatal(err)
	}
	if m := b.awaitTry(t); m.Channel != notify.SMS {
		t.Errorf("the first message that went out is %+v", m)
	}
}
