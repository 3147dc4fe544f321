package notify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
)

// VerificationID names the row that a code belongs to.
type VerificationID = uuid.UUID

// codeArgs names the code to send. It is stored in clear, so it holds nothing but the row's id.
type codeArgs struct {
	Verification VerificationID `json:"verification"`
}

// Kind names the job in the database; it never changes.
func (codeArgs) Kind() string { return "send_code" }

// A code lives ten minutes, and somebody is looking at the page meanwhile: tries come quickly at first, and the last one
// starts before the code ends. The worker itself refuses to send a code that has ended.
const (
	codeMaxAttempts = 10
	codeFirstRetry  = 2 * time.Second
	codeLastRetry   = 90 * time.Second
)

// FindCode gives the code of a verification while sending it is of use, and false once it is not.
type FindCode func(ctx context.Context, verification VerificationID) (CodeMessage, bool, error)

// codeWorker sends codes. However often a job runs, it sends the same code.
type codeWorker struct {
	river.WorkerDefaults[codeArgs]
	find  FindCode
	send  Send
	clock db.Clock
}

var errCodeNotWanted = errors.New("the code has ended, was replaced or used, or is not to be sent")

func (w *codeWorker) Work(ctx context.Context, job *river.Job[codeArgs]) error {
	code, ok, err := w.find(ctx, job.Args.Verification)
	if err != nil {
		return err
	}
	if !ok {
		return river.JobCancel(errCodeNotWanted)
	}
	message, err := renderCode(code, w.clock())
	if err != nil {
		return err
	}
	if err := w.send(ctx, message); err != nil {
		return fmt.Errorf("send by %s: %w", message.Channel, err)
	}
	return nil
}

// NextRetry doubles the wait.
func (w *codeWorker) NextRetry(job *river.Job[codeArgs]) time.Time {
	wait := codeFirstRetry << (job.Attempt - 1)
	return w.clock().Add(min(wait, codeLastRetry))
}
