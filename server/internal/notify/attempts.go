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

// A message goes out again at most once when it is not known whether it has gone out: after a time-out, a broken connection, or
// the death of a process. So at most two of its tries may have an unknown outcome. A try counts as one of them from before
// a provider is asked until the provider has surely not taken the message.
const maxUnsettled = 2

// begun is what became of the beginning of a try.
type begun struct {
	// ok means that the try is counted, and a provider may be asked.
	ok bool
	// taken means that a provider took the message at an earlier try. With neither, as many tries as may be have an unknown
	// outcome.
	taken bool
	// unsettled is how many tries have an unknown outcome, this one included.
	unsettled int
}

// last reports whether a failure is the end of the message, since it may not go out once more.
func (b begun) last(failure *SendError) bool { return failure.Ambiguous && b.unsettled >= maxUnsettled }

var (
	errOutcomeUnknown = errors.New("the message may have gone out twice, and does not go out again")
	errSendEnded      = errors.New("the message was given up or dropped before")
	errSendGone       = errors.New("the row of the message is gone")
)

// unknown is the reason in the row of a message that was given up since nothing says whether it has arrived.
const unknown = "outcome unknown"

// begin counts a try, in one statement, and committed before a provider is asked. It fails with an error that ends the job when
// the message has ended or is gone. A withheld code begins tries that ask no provider.
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

// giveUp ends a message of which as many tries as may be have an unknown outcome, and returns the error that ends its job.
func (d *deliverer) giveUp(ctx context.Context, send uuid.UUID) error {
	if err := d.q.GiveUpSend(ctx, d.db, dbsqlc.GiveUpSendParams{ID: send, Reason: unknown, Now: d.db.Clock()}); err != nil {
		return fmt.Errorf("give a send up: %w", err)
	}
	return river.JobCancel(errOutcomeUnknown)
}

// settle counts a try back of which the provider has surely not taken the message. If it cannot, the try stays counted, which
// costs the message a try and sends none too many.
func (d *deliverer) settle(ctx context.Context, send uuid.UUID) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	if err := d.q.SettleAttempt(ctx, d.db, send); err != nil {
		d.log.WarnContext(ctx, "a try has ended, and its row does not tell", "send", send, "error", err)
	}
}
