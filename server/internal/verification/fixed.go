package verification

import (
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// FixedCodes are contacts for tests, whose code is always the same until a date: the reviewers of an app store cannot read
// somebody's mail. Nothing is sent to them. Whoever knows such a code can sign in as that contact, and nobody else's.
type FixedCodes struct {
	Codes map[Contact]secret.Text
	// Until is when they end; the zero time is long ago.
	Until time.Time
}

func (f FixedCodes) code(contact Contact, now time.Time) (secret.Text, bool) {
	if !now.Before(f.Until) {
		return secret.Text{}, false
	}
	code, ok := f.Codes[contact]
	return code, ok
}
