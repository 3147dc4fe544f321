package notify

import (
	"context"
	"strings"

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

// MaxPayload is how many bytes Firebase takes of a message for one device.
const MaxPayload = 4096

// ReservedDataKey tells whether Firebase refuses data under this name (FCM HTTP v1, Message.data).
func ReservedDataKey(name string) bool {
	return name == "from" || name == "message_type" || strings.HasPrefix(name, "google") || strings.HasPrefix(name, "gcm")
}

// Payload counts the bytes that Firebase counts: those of all keys and values that the device is to get.
func (n Notification) Payload() int {
	size := len("title") + len(n.Title) + len("body") + len(n.Body)
	for key, value := range n.Data {
		size += len(key) + len(value)
	}
	return size
}

// KindMessage is what another service has an administrator's token send.
const KindMessage = "message"

// What an application finds in the data of a notice: what it is about, and where a click is to lead, if anywhere.
const (
	dataKind = "kind"
	dataLink = "link"
)

// SendPush queues a notification for each of a user's devices, once the transaction commits.
func (q *Queue) SendPush(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notification) error {
	for _, device := range devices {
		if err := q.push(ctx, tx, n.Kind, n.args(user, device)); err != nil {
			return err
		}
	}
	return nil
}

// PushNotice queues a notice for each of a user's devices. An application learns from the data what it is about.
func (q *Queue) PushNotice(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notice) error {
	notification, err := n.notification()
	if err != nil {
		return err
	}
	for _, device := range devices {
		args := notification.args(user, device)
		if n.SignIn != nil {
			args.Session = &n.SignIn.Session
		}
		if err := q.push(ctx, tx, notification.Kind, args); err != nil {
			return err
		}
	}
	return nil
}

// KeepToken leaves the token of a device to a send, within the transaction, until the send has ended.
type KeepToken func(ctx context.Context, tx db.Tx, device, send uuid.UUID) error

// PushFarewell queues a notice for devices that the transaction is about to forget. Their tokens are left to the sends.
func (q *Queue) PushFarewell(ctx context.Context, tx db.Tx, user string, devices []uuid.UUID, n Notice, keep KeepToken) error {
	notification, err := n.notification()
	if err != nil {
		return err
	}
	for _, device := range devices {
		args := notification.args(user, device)
		args.Farewell = true
		if err := q.push(ctx, tx, notification.Kind, args); err != nil {
			return err
		}
		if err := keep(ctx, tx, device, args.Send); err != nil {
			return err
		}
	}
	return nil
}

// notification gives the notice in its words. The link of one about a sign-in is no part of them: a locked screen shows them.
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

// args make a job of it, under a new name.
func (n Notification) args(user string, device uuid.UUID) pushArgs {
	return pushArgs{Send: uuid.New(), Device: device, User: user, Title: n.Title, Body: n.Body, Data: n.Data}
}

func (q *Queue) push(ctx context.Context, tx db.Tx, kind string, args pushArgs) error {
	if err := q.note(ctx, tx, args.Send, kind, PushChannel, args.User); err != nil {
		return err
	}
	args.At = tx.Now
	return q.jobs.Insert(ctx, tx, args, river.InsertOpts{Queue: pushQueue, MaxAttempts: noticeMaxAttempts})
}
