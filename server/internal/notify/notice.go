package notify

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// NoticeKind is the kind of a notice. The values name the templates.
type NoticeKind string

// The notices.
const (
	// PasswordChanged goes to every proven contact and device, after a change and after a reset.
	PasswordChanged NoticeKind = "password_changed"
	// ContactChanged goes to the previous contact of an account.
	ContactChanged NoticeKind = "contact_changed"
	// ContactLost goes to the other contacts of an account that held a contact without a proof, after another account has proven
	// it.
	ContactLost NoticeKind = "contact_lost"
	// SignedInElsewhere goes to every proven contact and device of an account after a sign-in on an unknown device.
	SignedInElsewhere NoticeKind = "signed_in_elsewhere"
	// AccountExists goes to a contact that has an account, after an attempt to sign up with it.
	AccountExists NoticeKind = "account_exists"
)

// Notice informs a user of an event. It is stored with its job, and holds no secret.
type Notice struct {
	Kind    NoticeKind `json:"kind"`
	Channel Channel    `json:"channel"`
	To      string     `json:"to"`
	// Locale is "ko" or "en".
	Locale string `json:"locale"`
	// SignIn is the sign-in of a SignedInElsewhere notice.
	SignIn *SignIn `json:"sign_in,omitempty"`
}

// SignIn describes a sign-in so that its owner recognizes it.
type SignIn struct {
	Session uuid.UUID `json:"session"`
	// Device is the device's name.
	Device string    `json:"device"`
	IP     string    `json:"ip"`
	At     time.Time `json:"at"`
	// Short means that the session has a short link. The previous version did not store one.
	Short bool `json:"short,omitempty"`
}

// ReportLink returns the link by which the owner of an account reports a session as not theirs. The link is a secret, and is made
// when the message is rendered. An SMS gets a short one.
type ReportLink func(session uuid.UUID, channel Channel) secret.Text

const (
	// The waits between attempts are River's, which grow with the fourth power. The last attempt is within a day.
	noticeMaxAttempts = 13
	// A later notice would confuse more than help.
	noticeUsefulFor = 24 * time.Hour
)

type noticeArgs struct {
	// Send is the id of the row in sends that records the outcome.
	Send uuid.UUID `json:"send"`
	// At is when it was queued.
	At time.Time `json:"at"`
	Notice
}

// Kind is the name of the job in the database; it must never change.
func (noticeArgs) Kind() string { return "send_notice" }

type noticeWorker struct {
	river.WorkerDefaults[noticeArgs]
	*deliverer
	link  ReportLink
	clock db.Clock
}

// Timeout returns the time limit of an attempt.
func (w *noticeWorker) Timeout(*river.Job[noticeArgs]) time.Duration { return sendTimeout }

var errNoticeTooLate = errors.New("the notice would come too late")

func (w *noticeWorker) Work(ctx context.Context, job *river.Job[noticeArgs]) error {
	n := job.Args.Notice
	if w.clock().Sub(job.Args.At) > noticeUsefulFor {
		if _, _, err := w.drop(ctx, job.Args.Send, "late"); err != nil {
			return err
		}
		return river.JobCancel(errNoticeTooLate)
	}
	message, err := renderNotice(n, w.linkOf(n))
	if err != nil {
		return river.JobCancel(err)
	}
	message.ID = job.Args.Send
	failure, last, err := w.attempt(ctx, job.Args.Send, n.Channel, func(ctx context.Context) (Receipt, error) { return w.deliver(ctx, message) })
	if failure == nil {
		return err
	}
	verdict, final := noticeVerdict(job.JobRow, failure, last, job.Args.At.Add(noticeUsefulFor).Sub(w.clock()))
	w.recordFailure(ctx, job.Args.Send, n.Channel, failure, final)
	return verdict
}

// linkOf returns no link if the session cannot be found by one.
func (w *noticeWorker) linkOf(n Notice) secret.Text {
	if n.SignIn == nil || n.Channel == SMS && !n.SignIn.Short {
		return secret.Text{}
	}
	return w.link(n.SignIn.Session, n.Channel)
}

// noticeVerdict returns the error for the job queue after a failure of a notice, and whether the notice has ended. left is how
// long the notice is still useful. Unlike a code, it is useful after an operator has corrected the settings. A wait that the
// provider asks for is kept; if it is longer than left, the notice ends.
func noticeVerdict(job *rivertype.JobRow, failure *SendError, last bool, left time.Duration) (verdict error, final bool) {
	switch {
	case last, failure.Class == Refused, failure.Class == Unregistered:
		return river.JobCancel(failure), true
	case failure.RetryAfter > 0 && failure.RetryAfter >= left:
		failure.TooLong = true
		return river.JobCancel(failure), true
	case failure.RetryAfter > 0:
		return river.JobSnooze(failure.RetryAfter), false
	default:
		return failure, job.Attempt >= job.MaxAttempts
	}
}

// NextRetry leaves the wait to River, unless the worker has died: then the job has waited already.
func (w *noticeWorker) NextRetry(job *river.Job[noticeArgs]) time.Time {
	if now := w.clock(); jobs.Rescued(job.JobRow, now) {
		return now
	}
	return time.Time{}
}
