// Package notify sends messages to users: typed messages in the user's language, and the jobs that deliver them.
//
// A message is queued as a job in the transaction that causes it. So it is sent if and only if the transaction commits, and no
// call waits for a provider. The arguments of a job are stored in clear and kept for some time: they never contain a code, a
// token or another secret.
//
// Each provider has its own package below this one. Providers fail with a SendError. It holds a code, but no text of the
// provider, which may repeat the message.
package notify

import (
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Message is a rendered mail or SMS.
type Message struct {
	// ID is the id of the send. It is the same at each attempt.
	ID      uuid.UUID
	Channel Channel
	// To is an e-mail address, or a phone number in E.164 form.
	To string
	// Subject and HTML are empty for an SMS. Like Text, they can contain the code.
	Subject secret.Text
	Text    secret.Text
	HTML    secret.Text
	// Code is the one-time code in the text, if there is one.
	Code secret.Text
	// Link is the link in the text of a mail or SMS, or the target of a notification, if there is one. It is a secret.
	Link secret.Text
}
