package notify

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// maxUnsettled limits the attempts of a message whose outcome is unknown: after a time-out, a broken connection, or the death of
// the process. So such a message is sent once more at most. An attempt is unsettled from before a provider is asked until it is
// certain that the provider has not accepted the message.
const maxUnsettled = 2

// begun is the result of begin.
type begun struct {
	// ok means that the attempt is counted, and a provider may be asked.
	ok bool
	// taken means that a provider accepted the message at an earlier attempt. If neither ok nor taken is set, maxUnsettled
	// attempts have an unknown outcome.
	taken bool
	// unsettled is the number of attempts with an unknown outcome, including this one.
	unsettled int
}

// last reports whether the message may not be sent again after a failure.
func (b begun) last(failure *SendError) bool { return failure.Ambiguous && b.unsettled >= maxUnsettled }

var (
	errOutcomeUnknown = errors.New("the message may have been sent twice, and is not sent again")
	errSendEnded      = errors.New("the message was given up or dropped before")
	errSendGone       = errors.New("the row of the message is gone")
)

// unknown is the reason in the row of a message that was given up because its outcome is unknown.
const unknown = "outcome unknown"

// begin counts an attempt in one statement, which is committed before a provider is asked. If the message has ended or was
// deleted, it returns an error that ends the job. asks is false for a withheld code, whose attempts ask no provider.
func (d *deliverer) begin(ctx context.Context, send uuid.UUID, asks bool) (begun, error) {
	params := dbsqlc.BeginAttemptParams{ID: send, Most: maxUnsettled}
	if asks {
		params.Asks = 1
	}
	row, err := d.q.BeginAttempt(ctx, d.db, params)
	switch {
	case db.NotFound(err):
		return begun{}, river.JobCancel(errSendGone)
	case err != nil:
		return begun{}, fmt.Errorf("begin a try: %w", err)
	case row.State == string(SendTaken):
		return begun{taken: true}, nil
	case row.State != string(SendQueued):
		return begun{}, river.JobCancel(errSendEnded)
	default:
		return begun{ok: row.Begun, unsettled: int(row.Unsettled)}, nil
	}
}

// giveUp ends a message after maxUnsettled attempts with an unknown outcome, and returns the error that ends its job.
func (d *deliverer) giveUp(ctx context.Context, send uuid.UUID) error {
	if err := d.q.GiveUpSend(ctx, d.db, dbsqlc.GiveUpSendParams{ID: send, Reason: unknown, Now: d.db.Clock()}); err != nil {
		return fmt.Errorf("give a send up: %w", err)
	}
	return river.JobCancel(errOutcomeUnknown)
}

// settle records that the provider has not accepted the message at an attempt. If the statement fails, the attempt stays
// unsettled. The message then gets an attempt less, and is never sent too often.
func (d *deliverer) settle(ctx context.Context, send uuid.UUID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := d.q.SettleAttempt(ctx, d.db, send); err != nil {
		d.log.WarnContext(ctx, "cannot record the outcome of an attempt", "send", send, "error", err)
	}
}
