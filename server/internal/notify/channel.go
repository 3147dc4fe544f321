package notify

import "github.com/latchkey-auth/latchkey/server/internal/verification"

// Channel is the way a message goes.
type Channel string

// The channels.
const (
	Email Channel = "email"
	SMS   Channel = "sms"
	// PushChannel is a notification on a device that the user has registered.
	PushChannel Channel = "push"
)

// ChannelOf returns the channel of messages to a contact.
func ChannelOf(c verification.Contact) Channel {
	if c.Channel == verification.Phone {
		return SMS
	}
	return Email
}
