package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// sendTimeout bounds an attempt with all its providers.
const sendTimeout = 12 * time.Second

// recordTimeout is extra time to record the outcome after an attempt has used up its own. An attempt can record twice, and must
// end before its job counts as abandoned (jobs.RescueAfter).
const recordTimeout = 2 * time.Second

// deliverer passes messages to the senders, and records the outcome.
type deliverer struct {
	db   *db.DB
	q    *dbsqlc.Queries
	mail MailSender
	sms  SMSSender
	push PushSender
	// health is the health of each channel. A withheld code, which is not sent, must fare like the others: the effects of a
	// failure, such as a send that does not count, must not reveal that there is no account.
	health map[Channel]*health
	log    *slog.Logger
}

func newDeliverer(d Deps) *deliverer {
	log := d.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &deliverer{
		db: d.DB, q: dbsqlc.New(), mail: d.Mail, sms: d.SMS, push: d.Push, log: log,
		health: map[Channel]*health{Email: newHealth(d.Clock), SMS: newHealth(d.Clock), PushChannel: newHealth(d.Clock)},
	}
}

// deliver passes a message to the sender of its channel.
func (d *deliverer) deliver(ctx context.Context, m Message) (Receipt, error) {
	switch m.Channel {
	case Email:
		return d.mail.SendMail(ctx, m)
	case SMS:
		return d.sms.SendSMS(ctx, m)
	default:
		return Receipt{}, fmt.Errorf("no sender for channel %q", m.Channel)
	}
}

// attempt asks a provider to send a message. The attempt is counted before, so that it counts even if the process dies.
//
// It returns nil if a provider has accepted the message, at this attempt or an earlier one. It returns the context's error if the
// server is stopping, and an error that ends the job if the message must not be sent again. Otherwise it returns a SendError,
// which the caller passes to recordFailure, and whether it ends the message.
func (d *deliverer) attempt(
	ctx context.Context, send uuid.UUID, channel Channel, ask func(context.Context) (Receipt, error),
) (failure *SendError, last bool, err error) {
	begun, err := d.begin(ctx, send, true)
	switch {
	case err != nil, begun.taken:
		return nil, false, err
	case !begun.ok:
		return nil, false, d.giveUp(ctx, send)
	}
	receipt, err := ask(ctx)
	if err == nil {
		d.health[channel].note(nil)
		d.recordSent(ctx, send, receipt)
		return nil, false, nil
	}
	failure = sendErrorOf(err)
	if stopping := ctx.Err(); errors.Is(stopping, context.Canceled) {
		if !failure.Ambiguous {
			d.settle(ctx, send)
		}
		return nil, false, stopping
	}
	d.health[channel].note(failure)
	return failure, begun.last(failure), nil
}

// recordSent logs its errors only: an error of the job would send the message again.
func (d *deliverer) recordSent(ctx context.Context, send uuid.UUID, receipt Receipt) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := d.q.MarkSent(ctx, d.db, dbsqlc.MarkSentParams{
		ID: send, Provider: receipt.Provider, Receipt: receipt.ID, Now: d.db.Clock(),
	}); err != nil {
		d.log.WarnContext(ctx, "cannot record that a message was sent", "send", send, "error", err)
	}
}

// recordFailure records a failed attempt, and whether it was the last one. It reports whether the outcome of every attempt is
// known, which means that no provider has accepted the message.
func (d *deliverer) recordFailure(ctx context.Context, send uuid.UUID, channel Channel, failure *SendError, final bool) (settled bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	level := slog.LevelWarn
	if failure.Class == Misconfigured {
		level = slog.LevelError
	}
	d.log.Log(ctx, level, "a message was not accepted",
		"send", send, "channel", channel, "provider", failure.Provider, "class", failure.Class, "code", failure.Code,
		"outcome_unknown", failure.Ambiguous, "given_up", final)
	unsettled, err := d.q.RecordFailedAttempt(ctx, d.db, dbsqlc.RecordFailedAttemptParams{
		ID: send, Provider: failure.Provider, LastError: failure.Error(), Settled: !failure.Ambiguous, Final: final, Now: d.db.Clock(),
	})
	if db.NotFound(err) {
		return false
	}
	if err != nil {
		d.log.WarnContext(ctx, "cannot record that a message was not accepted", "send", send, "error", err)
		return false
	}
	return unsettled == 0
}

// drop records that a message is not to be sent. dropped is false if it was sent or given up before. settled reports whether the
// outcome of every attempt is known.
func (d *deliverer) drop(ctx context.Context, send uuid.UUID, reason string) (dropped, settled bool, err error) {
	unsettled, err := d.q.DropSend(ctx, d.db, dbsqlc.DropSendParams{ID: send, Reason: reason, Now: d.db.Clock()})
	if db.NotFound(err) {
		return false, false, nil
	}
	if err != nil {
		return false, false, fmt.Errorf("drop a send: %w", err)
	}
	return true, unsettled == 0, nil
}
