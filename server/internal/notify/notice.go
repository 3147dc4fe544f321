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

// NoticeKind is what somebody is told. The values name the templates.
type NoticeKind string

// The notices.
const (
	// PasswordChanged goes to every proven contact, by a change as by a reset.
	PasswordChanged NoticeKind = "password_changed"
	// ContactChanged goes to the contact that an account had before.
	ContactChanged NoticeKind = "contact_changed"
	// ContactLost goes to the other contacts of an account whose unproven one somebody else has proven.
	ContactLost NoticeKind = "contact_lost"
	// SignedInElsewhere goes to every proven contact and device of an account when a device signs in that it does not know.
	SignedInElsewhere NoticeKind = "signed_in_elsewhere"
	// AccountExists goes to a contact that somebody wanted to sign up with although it has an account.
	AccountExists NoticeKind = "account_exists"
)

// Notice tells somebody that something has happened. It is stored with its job, and holds no secret.
type Notice struct {
	Kind    NoticeKind `json:"kind"`
	Channel Channel    `json:"channel"`
	To      string     `json:"to"`
	// Locale is "ko" or "en".
	Locale string `json:"locale"`
	// SignIn is what a notice of SignedInElsewhere is about.
	SignIn *SignIn `json:"sign_in,omitempty"`
}

// SignIn is a sign-in, as its owner would recognise it.
type SignIn struct {
	Session uuid.UUID `json:"session"`
	// Device is the device's name.
	Device string    `json:"device"`
	IP     string    `json:"ip"`
	At     time.Time `json:"at"`
	// Short says that the session can be found by a short link. A process of the version before has not seen to that.
	Short bool `json:"short,omitempty"`
}

// ReportLink returns the link by which the owner of an account reports a session as not theirs. The link is a secret, and is made
// when the message is rendered. An SMS gets a short one.
type ReportLink func(session uuid.UUID, channel Channel) secret.Text

const (
	// With River's waits between tries, which grow with their fourth power, the last one is made within a day.
	noticeMaxAttempts = 13
	// Later, the notice would worry more than it helps.
	noticeOfUse = 24 * time.Hour
)

type noticeArgs struct {
	// Send names the row that tells how it went.
	Send uuid.UUID `json:"send"`
	// At is when it was queued.
	At time.Time `json:"at"`
	Notice
}

// Kind names the job in the database; it never changes.
func (noticeArgs) Kind() string { return "send_notice" }

type noticeWorker struct {
	river.WorkerDefaults[noticeArgs]
	*deliverer
	link  ReportLink
	clock db.Clock
}

// Timeout bounds a try.
func (w *noticeWorker) Timeout(*river.Job[noticeArgs]) time.Duration { return sendTimeout }

var errNoticeTooLate = errors.New("the notice would come too late")

func (w *noticeWorker) Work(ctx context.Context, job *river.Job[noticeArgs]) error {
	n := job.Args.Notice
	if w.clock().Sub(job.Args.At) > noticeOfUse {
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
	verdict, final := noticeVerdict(job.JobRow, failure, last, job.Args.At.Add(noticeOfUse).Sub(w.clock()))
	w.recordFailure(ctx, job.Args.Send, n.Channel, failure, final)
	return verdict
}

// linkOf gives none where the link would lead to a page that can do nothing.
func (w *noticeWorker) linkOf(n Notice) secret.Text {
	if n.SignIn == nil || n.Channel == SMS && !n.SignIn.Short {
		return secret.Text{}
	}
	return w.link(n.SignIn.Session, n.Channel)
}

// noticeVerdict says what comes of a failure of a notice that is of use for so long. Unlike a code, it is of use after an
// operator has mended the settings. A wait that the provider asks for is kept whole; when the notice would be of no use after
// it, this is its end.
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

// NextRetry leaves the waits to River. A job whose worker has died has waited already.
func (w *noticeWorker) NextRetry(job *river.Job[noticeArgs]) time.Time {
	if now := w.clock(); jobs.Rescued(job.JobRow, now) {
		return now
	}
	return time.Time{}
}
