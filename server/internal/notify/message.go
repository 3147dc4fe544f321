// Package notify is what the server sends to people: typed messages in their language, and the jobs that deliver them.
//
// A message is queued as a job in the transaction that causes it, so it is sent if and only if that transaction commits,
// and no call waits for a provider. A job's arguments are stored in clear and kept for a while: they never hold a code, a
// token or any other secret.
//
// The providers stand in packages of their own below this one. They fail with a SendError, which holds nothing of what a
// provider said but a code: an answer may repeat the message.
package notify

import (
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Message is a mail or an SMS in its final words.
type Message struct {
	// ID names the send. It is the same at each try.
	ID      uuid.UUID
	Channel Channel
	// To is an e-mail address, or a phone number in E.164 form.
	To string
	// Subject and HTML are empty for an SMS. They can hold the code, as the text can.
	Subject secret.Text
	Text    secret.Text
	HTML    secret.Text
	// Code is the one-time code that the text holds, if it holds one.
	Code secret.Text
	// Link is the link that the text of a mail or an SMS holds, if it holds one, and where a click on a notification leads. Who
	// has it can do what it is for.
	Link secret.Text
}
