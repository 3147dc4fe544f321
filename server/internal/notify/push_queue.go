package notify

import (
	"context"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Notification is what a device shows.
type Notification struct {
	// Kind is how rows and support call it.
	Kind  string
	Title string
	Body  string
	// Data is for the application on the device, and never shown.
	Data map[string]string
}

// KindMessage is what another service has an administrator's token send.
const KindMessage = "message"

// SendPush queues a notification for each of a user's devices, once the transaction commits.
func (q *Queue) SendPush(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notification) error {
	for _, device := range devices {
		send := uuid.New()
		if err := q.note(ctx, tx, send, n.Kind, PushChannel, user); err != nil {
			return err
		}
		err := q.jobs.Insert(ctx, tx, pushArgs{
			Send: send, Device: device, User: user, At: tx.Now, Title: n.Title, Body: n.Body, Data: n.Data,
		}, river.InsertOpts{Queue: pushQueue, MaxAttempts: noticeMaxAttempts})
		if err != nil {
			return err
		}
	}
	return nil
}

// PushNotice queues a notice for each of a user's devices. An application learns from the data what it is about.
func (q *Queue) PushNotice(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notice) error {
	n.Channel = PushChannel
	message, err := renderNotice(n, secret.Text{})
	if err != nil {
		return err
	}
	return q.SendPush(ctx, tx, user, devices, Notification{
		Kind: string(n.Kind), Title: message.Subject.Reveal(), Body: message.Text.Reveal(), Data: map[string]string{"kind": string(n.Kind)},
	})
}
