package notify

import (
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Recipient is a recipient of messages. Email and Phone are in canonical form, and may be empty.
type Recipient struct {
	// User is the public form of the user's id.
	User  string
	Email string
	Phone string
}

// RecipientOf returns the recipient of messages to an account, with the contacts that it has proven. Messages to any other
// contact may have been for another account.
func RecipientOf(user dbsqlc.User) Recipient {
	to := Recipient{User: id.User(user.ID).String()}
	if user.EmailVerifiedAt != nil {
		to.Email = *user.Email
	}
	if user.PhoneVerifiedAt != nil {
		to.Phone = *user.Phone
	}
	return to
}
