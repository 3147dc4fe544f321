package notify

import (
	"context"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// MailSender hands mails to a mail server. It fails with a SendError, within the time that the context has.
type MailSender interface {
	SendMail(ctx context.Context, m Message) (Receipt, error)
}

// SMSSender hands text messages to a provider. It fails with a SendError, within the time that the context has.
type SMSSender interface {
	SendSMS(ctx context.Context, m Message) (Receipt, error)
}

// PushSender hands notifications to a push service. It fails with a SendError, within the time that the context has; one of
// the class Unregistered says that the token is good for nothing any more.
type PushSender interface {
	SendPush(ctx context.Context, p Push) (Receipt, error)
}

// Push is a notification for one device.
type Push struct {
	// ID names the send. It is the same at each try.
	ID uuid.UUID
	// Token is the device's registration token.
	Token secret.Text
	// User is the id of the user whose device it is; the push service is not told.
	User  string
	Title string
	Body  string
	// Data is for the application on the device, and never shown.
	Data map[string]string
	// Link is where a click leads, if anywhere. Who has it can do what it is for, and it is never shown.
	Link secret.Text
}

// Receipt tells who has taken a message.
type Receipt struct {
	Provider string
	// ID is the name that the provider knows the message by.
	ID string
}
