package verification

import (
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// FixedCodes are test contacts that always have the same code, until a date: the reviewers of an app store have no access to a
// mailbox or phone. Nothing is sent to these contacts. A fixed code allows to sign in as its contact, and as no other.
type FixedCodes struct {
	Codes map[Contact]secret.Text
	// Until is when the fixed codes expire. The zero time is in the past.
	Until time.Time
}

func (f FixedCodes) code(contact Contact, now time.Time) (secret.Text, bool) {
	if !now.Before(f.Until) {
		return secret.Text{}, false
	}
	code, ok := f.Codes[contact]
	return code, ok
}
