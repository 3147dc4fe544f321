package notify

import (
	"context"
	"errors"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// FindToken returns the registration token of a device. It returns false if the device is not registered any more.
type FindToken func(ctx context.Context, device uuid.UUID) (token secret.Text, ok bool, err error)

// FindFinalNoticeToken returns the token of a deleted device that was kept for one send. It returns false if another user has
// registered the device since.
type FindFinalNoticeToken func(ctx context.Context, send uuid.UUID) (token secret.Text, ok bool, err error)

// ForgetDevice deletes a device whose token is invalid.
type ForgetDevice func(ctx context.Context, device uuid.UUID) error

// pushArgs is a notification for one device. It is stored in clear, without the device's token. It holds no secret, since a locked
// screen shows it.
type pushArgs struct {
	// Send is the id of the row in sends that records the outcome.
	Send   uuid.UUID `json:"send"`
	Device uuid.UUID `json:"device"`
	User   string    `json:"user"`
	// At is when it was queued.
	At    time.Time         `json:"at"`
	Title string            `json:"title"`
	Body  string            `json:"body"`
	Data  map[string]string `json:"data,omitempty"`
	// Session is the session that the notification's link reports. The link is a secret, and is made when the notification is sent.
	Session *uuid.UUID `json:"session,omitempty"`
	// FinalNotice means that the device was deleted, and its token was kept for this send. The JSON name is older.
	FinalNotice bool `json:"farewell,omitempty"`
}

// Kind is the name of the job in the database; it must never change.
func (pushArgs) Kind() string { return "send_push" }

type pushWorker struct {
	river.WorkerDefaults[pushArgs]
	*deliverer
	find   FindToken
	last   FindFinalNoticeToken
	forget ForgetDevice
	link   ReportLink
	clock  db.Clock
}

// Timeout returns the time limit of an attempt.
func (w *pushWorker) Timeout(*river.Job[pushArgs]) time.Duration { return sendTimeout }

var errDeviceGone = errors.New("the device is not registered any more")

func (w *pushWorker) Work(ctx context.Context, job *river.Job[pushArgs]) error {
	args := job.Args
	if w.clock().Sub(args.At) > noticeUsefulFor {
		return w.cancel(ctx, args.Send, "late", errNoticeTooLate)
	}
	token, ok, err := w.token(ctx, args)
	if err != nil {
		return err
	}
	if !ok {
		return w.cancel(ctx, args.Send, "gone", errDeviceGone)
	}
	failure, last, err := w.attempt(ctx, args.Send, PushChannel, func(ctx context.Context) (Receipt, error) {
		return w.push.SendPush(ctx, w.notification(args, token))
	})
	if failure == nil {
		return err
	}
	verdict, final := noticeVerdict(job.JobRow, failure, last, args.At.Add(noticeUsefulFor).Sub(w.clock()))
	w.recordFailure(ctx, args.Send, PushChannel, failure, final)
	if failure.Class == Unregistered {
		return errors.Join(verdict, w.forget(ctx, args.Device))
	}
	return verdict
}

func (w *pushWorker) token(ctx context.Context, args pushArgs) (token secret.Text, ok bool, err error) {
	if args.FinalNotice {
		return w.last(ctx, args.Send)
	}
	return w.find(ctx, args.Device)
}

// notification returns the text of a job, with the link that the job does not hold.
func (w *pushWorker) notification(args pushArgs, token secret.Text) Push {
	p := Push{ID: args.Send, Token: token, User: args.User, Title: args.Title, Body: args.Body, Data: args.Data}
	if args.Session != nil {
		p.Link = w.link(*args.Session, PushChannel)
		p.Data = maps.Clone(args.Data)
		p.Data[dataLink] = p.Link.Reveal()
	}
	return p
}

func (w *pushWorker) cancel(ctx context.Context, send uuid.UUID, reason string, cause error) error {
	if _, _, err := w.drop(ctx, send, reason); err != nil {
		return err
	}
	return river.JobCancel(cause)
}

// NextRetry leaves the wait to River, unless the worker has died: then the job has waited already.
func (w *pushWorker) NextRetry(job *river.Job[pushArgs]) time.Time {
	if now := w.clock(); jobs.Rescued(job.JobRow, now) {
		return now
	}
	return time.Time{}
}
