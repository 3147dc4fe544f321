package notify

import (
	"context"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// MailSender sends mails with a mail server. It fails with a SendError, within the context's deadline.
type MailSender interface {
	SendMail(ctx context.Context, m Message) (Receipt, error)
}

// SMSSender sends text messages with a provider. It fails with a SendError, within the context's deadline.
type SMSSender interface {
	SendSMS(ctx context.Context, m Message) (Receipt, error)
}

// PushSender sends notifications with a push service. It fails with a SendError, within the context's deadline. The class
// Unregistered means that the token is invalid.
type PushSender interface {
	SendPush(ctx context.Context, p Push) (Receipt, error)
}

// Push is a notification for one device.
type Push struct {
	// ID is the id of the send. It is the same at each attempt.
	ID uuid.UUID
	// Token is the device's registration token.
	Token secret.Text
	// User is the id of the device's user. It is not sent to the push service.
	User  string
	Title string
	Body  string
	// Data is for the application on the device; it is never shown.
	Data map[string]string
	// Link is the target of a click, if there is one. It is a secret, and never shown.
	Link secret.Text
}

// Receipt identifies a message that a provider has accepted.
type Receipt struct {
	Provider string
	// ID is the provider's id of the message.
	ID string
}
