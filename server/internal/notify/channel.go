package notify

import "github.com/latchkey-auth/latchkey/server/internal/verification"

// Channel is how a message is sent.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	// PushChannel is a notification on a registered device.
	PushChannel Channel = "push"
)

// ChannelOf returns the channel of messages to a contact.
func ChannelOf(c verification.Contact) Channel {
	if c.Channel == verification.Phone {
		return SMS
	}
	return Email
}
