package notify

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Notification is the content of a push notification.
type Notification struct {
	// Kind is its kind in the rows of sends.
	Kind  string
	Title string
	Body  string
	// Data is for the application on the device; it is never shown.
	Data map[string]string
}

// MaxPayload is the maximum size in bytes of a message for one device, set by Firebase.
const MaxPayload = 4096

// ReservedDataKey reports whether Firebase refuses data with this key (FCM HTTP v1, Message.data).
func ReservedDataKey(name string) bool {
	return name == "from" || name == "message_type" || strings.HasPrefix(name, "google") || strings.HasPrefix(name, "gcm")
}

// Payload returns the size in bytes as Firebase counts it: the sum of all keys and values that the device gets.
func (n Notification) Payload() int {
	size := len("title") + len(n.Title) + len("body") + len(n.Body)
	for key, value := range n.Data {
		size += len(key) + len(value)
	}
	return size
}

// KindMessage is the kind of notifications that are sent with the token of an administrator.
const KindMessage = "message"

// Keys of the data of a notice: its kind, and the target of a click if there is one.
const (
	dataKind = "kind"
	dataLink = "link"
)

// SendPush queues a notification for each of a user's devices. It is sent after the transaction commits.
func (q *Queue) SendPush(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notification) error {
	return q.push(ctx, tx, messagePriority, n.Kind, user, n.jobs(user, devices))
}

// PushNotice queues a notice for each of a user's devices. The data has its kind, for applications. If the user's budget for such
// notices is used up, it queues nothing and returns false.
func (q *Queue) PushNotice(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notice) (sent bool, err error) {
	notification, err := n.notification()
	if err != nil {
		return false, err
	}
	if sent, err = q.charge(ctx, tx, n.Kind, PushChannel, user); err != nil || !sent {
		return false, err
	}
	jobs := notification.jobs(user, devices)
	if n.SignIn != nil {
		for i := range jobs {
			jobs[i].Session = &n.SignIn.Session
		}
	}
	return true, q.push(ctx, tx, firstPriority, notification.Kind, user, jobs)
}

// KeepTokens copies the token of each device for the send at the same index, within the transaction, until the send has ended.
type KeepTokens func(ctx context.Context, tx db.Tx, devices, sends []uuid.UUID) error

// PushFinalNotice queues a notice for devices that the transaction is about to delete. Their tokens are kept for the sends. It has
// its own budget, separate from that of PushNotice, since a change of the password notifies the remaining and the deleted devices.
func (q *Queue) PushFinalNotice(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notice, keep KeepTokens) error {
	notification, err := n.notification()
	if err != nil {
		return err
	}
	if room, err := q.charge(ctx, tx, n.Kind, PushChannel, user, "leaving"); err != nil || !room {
		return err
	}
	jobs := notification.jobs(user, devices)
	sends := make([]uuid.UUID, len(jobs))
	for i := range jobs {
		jobs[i].FinalNotice = true
		sends[i] = jobs[i].Send
	}
	if err := q.push(ctx, tx, firstPriority, notification.Kind, user, jobs); err != nil {
		return err
	}
	return keep(ctx, tx, devices, sends)
}

// notification returns the rendered notice. A link to report the sign-in is not part of it, since a locked screen shows the text.
func (n Notice) notification() (Notification, error) {
	n.Channel = PushChannel
	message, err := renderNotice(n, secret.Text{})
	if err != nil {
		return Notification{}, err
	}
	return Notification{
		Kind: string(n.Kind), Title: message.Subject.Reveal(), Body: message.Text.Reveal(), Data: map[string]string{dataKind: string(n.Kind)},
	}, nil
}

// jobs returns a job for each of a user's devices, each with a new send id.
func (n Notification) jobs(user string, devices []uuid.UUID) []pushArgs {
	jobs := make([]pushArgs, len(devices))
	for i, device := range devices {
		jobs[i] = pushArgs{Send: uuid.New(), Device: device, User: user, Title: n.Title, Body: n.Body, Data: n.Data}
	}
	return jobs
}

// push queues notifications for a user's devices, with one statement for the rows and one for the jobs.
func (q *Queue) push(ctx context.Context, tx db.Tx, first int, kind, user string, jobs []pushArgs) error {
	if len(jobs) == 0 {
		return nil
	}
	sends := make([]uuid.UUID, len(jobs))
	for i := range jobs {
		sends[i] = jobs[i].Send
	}
	waiting, err := q.note(ctx, tx, kind, PushChannel, user, sends...)
	if err != nil {
		return err
	}
	inserts := make([]river.InsertManyParams, len(jobs))
	for i, args := range jobs {
		args.At = tx.Now
		inserts[i] = river.InsertManyParams{Args: args, InsertOpts: &river.InsertOpts{
			Queue: pushQueue, Priority: priority(first, waiting+i), MaxAttempts: noticeMaxAttempts,
		}}
	}
	return q.jobs.InsertMany(ctx, tx, inserts)
}
