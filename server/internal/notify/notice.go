package notify

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"
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
	// AccountExists goes to a contact that somebody wanted to sign up with although it has an account.
	AccountExists NoticeKind = "account_exists"
)

// Notice is a message without a secret: somebody is told that something has happened.
type Notice struct {
	Kind    NoticeKind `json:"kind"`
	Channel Channel    `json:"channel"`
	To      string     `json:"to"`
	// Locale is "ko" or "en".
	Locale string `json:"locale"`
}

// With River's waits between tries, which grow with their fourth power, the last one is made within a day. Later, the notice
// would worry more than it helps.
const noticeMaxAttempts = 13

type noticeArgs struct{ Notice }

// Kind names the job in the database; it never changes.
func (noticeArgs) Kind() string { return "send_notice" }

type noticeWorker struct {
	river.WorkerDefaults[noticeArgs]
	send Send
}

func (w *noticeWorker) Work(ctx context.Context, job *river.Job[noticeArgs]) error {
	n := job.Args.Notice
	message, err := render(string(n.Kind), n.Channel, n.Locale, nil)
	if err != nil {
		return river.JobCancel(err)
	}
	message.To = n.To
	if err := w.send(ctx, message); err != nil {
		return fmt.Errorf("send by %s: %w", n.Channel, err)
	}
	return nil
}
