package notify

import (
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Recipient is who is sent messages. Address and number are in their canonical forms, and may be empty.
type Recipient struct {
	// User is the id, in its public form.
	User  string
	Email string
	Phone string
}

// RecipientOf returns the recipient of messages to an account, at the contacts that it has proven. What was sent to any other
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
