package notify

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// codeArgs identifies the code to send. It is stored in clear, so it holds nothing but the row's id.
type codeArgs struct {
	Verification uuid.UUID `json:"verification"`
}

// Kind is the name of the job in the database; it must never change.
func (codeArgs) Kind() string { return "send_code" }

// A code is valid for ten minutes, and the user is waiting. So the first attempts come quickly, and the last one begins before
// the code expires. The worker does not send an expired code.
const (
	codeMaxAttempts = 14
	codeFirstRetry  = 2 * time.Second
	codeLastRetry   = 45 * time.Second
)

// codeWorker sends codes. Every attempt of a job sends the same code.
type codeWorker struct {
	river.WorkerDefaults[codeArgs]
	*deliverer
	codes *verification.Service
	clock db.Clock
}

var errCodeNotWanted = errors.New("the code has ended, was replaced or used, or is not to be sent")

// Timeout returns the time limit of an attempt.
func (w *codeWorker) Timeout(*river.Job[codeArgs]) time.Duration { return sendTimeout }

func (w *codeWorker) Work(ctx context.Context, job *river.Job[codeArgs]) error {
	id := job.Args.Verification
	code, state, err := w.codes.Sendable(ctx, id)
	if err != nil {
		return err
	}
	switch state {
	case verification.Wanted:
		return w.send(ctx, job, code)
	case verification.Withheld:
		if trouble := w.health[ChannelOf(code.Contact)].trouble(); trouble != nil {
			return w.pretend(ctx, job, code, trouble)
		}
		return w.unwanted(ctx, id, state, false)
	case verification.Ended, verification.Replaced:
		// Not the recipient's fault, so the send is returned.
		return w.unwanted(ctx, id, state, true)
	default:
		return w.unwanted(ctx, id, state, false)
	}
}

func (w *codeWorker) send(ctx context.Context, job *river.Job[codeArgs], code verification.Sendable) error {
	id, now := job.Args.Verification, w.clock()
	message, err := renderCode(code, now)
	if err != nil {
		return err
	}
	message.ID = id
	failure, last, err := w.attempt(ctx, id, message.Channel, func(ctx context.Context) (Receipt, error) {
		ctx, cancel := context.WithTimeout(ctx, code.ExpiresAt.Sub(now))
		defer cancel()
		return w.deliver(ctx, message)
	})
	if failure == nil {
		return err
	}
	verdict, final := w.verdict(job, code, failure, last)
	settled := w.recordFailure(ctx, id, message.Channel, failure, final)
	if final && settled && failure.OurTrouble() {
		return errors.Join(verdict, w.giveBack(ctx, id))
	}
	return verdict
}

// pretend treats a withheld code like a code that a provider in trouble does not accept: it counts attempts and retries in the
// same way. It asks no provider.
func (w *codeWorker) pretend(ctx context.Context, job *river.Job[codeArgs], code verification.Sendable, trouble *SendError) error {
	id := job.Args.Verification
	begun, err := w.begin(ctx, id, false)
	if err != nil {
		return err
	}
	if !begun.ok {
		return w.unwanted(ctx, id, verification.Withheld, true)
	}
	if !trouble.Ambiguous {
		w.settle(ctx, id)
	}
	verdict, final := w.verdict(job, code, trouble, begun.last(trouble))
	if final {
		return w.unwanted(ctx, id, verification.Withheld, true)
	}
	return verdict
}

// verdict returns the error for the job queue after a failure, and whether the message has ended.
func (w *codeWorker) verdict(job *river.Job[codeArgs], code verification.Sendable, failure *SendError, last bool) (verdict error, final bool) {
	wait := codeRetry(job.Attempt)
	switch {
	case last, !failure.Temporary():
		return river.JobCancel(failure), true
	case !w.clock().Add(max(wait, failure.RetryAfter)).Before(code.ExpiresAt):
		failure.TooLong = failure.RetryAfter > wait
		return river.JobCancel(failure), true
	case failure.RetryAfter > wait:
		return river.JobSnooze(failure.RetryAfter), false
	default:
		return failure, job.Attempt >= job.MaxAttempts
	}
}

// unwanted ends a job whose code is not to be sent. It returns the send to the contact's budget if the delay was our fault alone,
// and no attempt can have sent the code.
func (w *codeWorker) unwanted(ctx context.Context, id uuid.UUID, state verification.State, ours bool) error {
	dropped, settled, err := w.drop(ctx, id, string(state))
	if err == nil && dropped && settled && ours {
		err = w.giveBack(ctx, id)
	}
	if err != nil {
		return err
	}
	return river.JobCancel(errCodeNotWanted)
}

func (w *codeWorker) giveBack(ctx context.Context, id uuid.UUID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	return w.codes.ReturnSend(ctx, id)
}

// codeRetry returns the wait after an attempt. It doubles each time.
func codeRetry(attempt int) time.Duration {
	return min(codeFirstRetry<<(max(attempt, 1)-1), codeLastRetry)
}

// NextRetry returns the time of the next attempt. If the worker has died, the job has waited already.
func (w *codeWorker) NextRetry(job *river.Job[codeArgs]) time.Time {
	if now := w.clock(); !jobs.Rescued(job.JobRow, now) {
		return now.Add(codeRetry(job.Attempt))
	}
	return w.clock()
}
