package notify_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

func TestOT08_AFailedSendIsTriedAgainWithTheSameCode(t *testing.T) {
	t.Parallel()

	var once sync.Once
	b := setup(t, func(context.Context, notify.Message) (err error) {
		once.Do(func() { err = notify.NewSendError("test", notify.Unreachable, "timeout") })
		return err
	})
	id := b.ask(notify.Email, ada)
	first, second := b.awaitTry(), b.awaitTry()
	if first != second || first.Code.Empty() || first.ID != id || first.To != ada {
		t.Errorf("first %+v, then %+v", first, second)
	}
	send := b.awaitSend(id, notify.SendTaken)
	if send.Tries != 2 || send.Provider != "test" || send.Receipt != "message-1" || send.LastError != "test: unreachable (timeout)" {
		t.Errorf("it is noted as %+v", send)
	}
}

func TestAMessageGoesOutIfAndOnlyIfItsTransactionCommits(t *testing.T) {
	t.Parallel()

	b := setup(t, func(context.Context, notify.Message) error { return nil })
	refused := errors.New("refused")
	if _, err := b.tryAsk(notify.Email, ada, false, refused); !errors.Is(err, refused) {
		t.Fatal(err)
	}
	var jobs, sends int
	err := b.db.QueryRow(t.Context(), "SELECT (SELECT count(*) FROM river_job), (SELECT count(*) FROM sends)").Scan(&jobs, &sends)
	if err != nil || jobs != 0 || sends != 0 {
		t.Errorf("after the rollback there are %d jobs and %d sends: %v", jobs, sends, err)
	}
	b.ask(notify.SMS, phone)
	b.awaitTry()
}

// A mail server that hangs holds up no SMS, although more mails wait than there are workers.
func TestAMailServerThatHangsHoldsUpNoSMS(t *testing.T) {
	t.Parallel()

	release := make(chan struct{})
	b := setup(t, func(ctx context.Context, m notify.Message) error {
		if m.Channel == notify.Email {
			select {
			case <-release:
			case <-ctx.Done():
			}
		}
		return nil
	})
	defer close(release)
	for n := range 30 {
		b.ask(notify.Email, fmt.Sprintf("%d@example.com", n))
	}
	asked := time.Now()
	b.ask(notify.SMS, phone)
	if took := time.Since(asked); took > 20*time.Second {
		t.Errorf("asking for a code took %v", took)
	}
	if m := b.awaitTry(); m.Channel != notify.SMS {
		t.Errorf("the first message that went out is %+v", m)
	}
}

func TestANoticeIsNoted(t *testing.T) {
	t.Parallel()

	b := setup(t, func(context.Context, notify.Message) error { return nil })
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		_, err := b.queue.SendNotice(t.Context(), tx, "ada", notify.Notice{
			Kind: notify.PasswordChanged, Channel: notify.SMS, To: phone, Locale: "ko",
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	message := b.awaitTry()
	send := b.awaitSend(message.ID, notify.SendTaken)
	if send.Kind != "password_changed" || send.Channel != notify.SMS || send.To != phone || send.Tries != 1 || send.EndedAt.IsZero() {
		t.Errorf("it is noted as %+v", send)
	}
}
