// Package audit keeps the events of accounts and of the server: who did what, when, and from where. Users see the events of
// their own account in the activity list.
//
// An event is recorded in the transaction of the act, so there is an entry if and only if the act was committed. A failed attempt is recorded by
// itself, before the call is answered. Entries outlive the account that they are about. When it is deleted, their personal data is
// removed (package cleanup), and the rest stays until Config.Retention has passed.
package audit

import (
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/pagetoken"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Config is what an operator can set.
type Config struct {
	// Retention is how long an entry is kept. The default is thirteen months, so that a year can be compared with the one before.
	Retention time.Duration `name:"event-retention" default:"9600h" placeholder:"DURATION" help:"How long events are kept, those that users see in their activity among them; at least 24h."`
}

// MinRetention is the shortest Config.Retention. Notices about sign-ins send users to their activity, within a day.
const MinRetention = 24 * time.Hour

// Validate reports what keeps the Config from being used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if c.Retention < MinRetention {
		report("event-retention", "%v is below %v", c.Retention, MinRetention)
	}
}

// Log records failures, and lists entries. Its methods may be called from many goroutines.
type Log struct {
	db *db.DB
	q  *dbsqlc.Queries
	// pages signs the tokens of further pages.
	pages pagetoken.Signer
}

// New returns a Log.
func New(d *db.DB, master secret.Master) *Log {
	return &Log{db: d, q: dbsqlc.New(), pages: pagetoken.NewSigner(master, pageTokenPurpose)}
}
