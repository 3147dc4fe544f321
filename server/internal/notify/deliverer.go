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

// sendTimeout bounds a try, whichever providers are asked.
const sendTimeout = 12 * time.Second

// What happened is written down although the try has used up its time. A try may write twice, and has to be over before
// its job passes for abandoned (jobs.RescueAfter).
const recordTimeout = 2 * time.Second

// deliverer hands messages to the senders, and writes down how it went.
type deliverer struct {
	db   *db.DB
	q    *dbsqlc.Queries
	mail MailSender
	sms  SMSSender
	push PushSender
	// health is that of each channel. A withheld code is sent to no one and fares as the others do: what comes of a failure, such
	// as a send that does not count, must not reveal that there is no account.
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

// hand passes a message to the sender of its channel.
func (d *deliverer) deliver(ctx context.Context, m Message) (Receipt, error) {
	switch m.Channel {
	case Email:
		return d.mail.SendMail(ctx, m)
	case SMS:
		return d.sms.SendSMS(ctx, m)
	default:
		return Receipt{}, fmt.Errorf("there is no way to send by %q", m.Channel)
	}
}

// try asks a provider to take a message. The try is counted before, so that one whose process dies is known to have been made.
//
// It returns nothing once a provider has taken the message, at this try or an earlier one; the context's error when the server
// is stopping; an error that ends the job when the message must not go out again; and else a SendError, which the caller writes
// down with tried, and whether it is the end of the message.
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

// sent must not fail: the message would go out again.
func (d *deliverer) recordSent(ctx context.Context, send uuid.UUID, receipt Receipt) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := d.q.MarkSent(ctx, d.db, dbsqlc.MarkSentParams{
		ID: send, Provider: receipt.Provider, Receipt: receipt.ID, Now: d.db.Clock(),
	}); err != nil {
		d.log.WarnContext(ctx, "a message was sent, and its row does not tell", "send", send, "error", err)
	}
}

// tried writes down a try that failed, and whether it was the last one. It reports whether no try of the message has an unknown
// outcome: then no provider has taken it.
func (d *deliverer) recordFailure(ctx context.Context, send uuid.UUID, channel Channel, failure *SendError, final bool) (settled bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	level := slog.LevelWarn
	if failure.Class == Misconfigured {
		level = slog.LevelError
	}
	d.log.Log(ctx, level, "a message was not taken",
		"send", send, "channel", channel, "provider", failure.Provider, "class", failure.Class, "code", failure.Code,
		"outcome_unknown", failure.Ambiguous, "given_up", final)
	unsettled, err := d.q.RecordFailedAttempt(ctx, d.db, dbsqlc.RecordFailedAttemptParams{
		ID: send, Provider: failure.Provider, LastError: failure.Error(), Settled: !failure.Ambiguous, Final: final, Now: d.db.Clock(),
	})
	if db.NotFound(err) {
		return false
	}
	if err != nil {
		d.log.WarnContext(ctx, "a message was not taken, and its row does not tell", "send", send, "error", err)
		return false
	}
	return unsettled == 0
}

// drop writes down that a message is not to be sent. It reports false when it was sent, or given up, before, and whether no
// try of it has an unknown outcome.
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
