package session

import (
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// changes are what the caches of a replica must learn.
type changes struct {
	// Ended holds sessions that have ended, with the expiry of the last access token of each.
	Ended map[id.Session]time.Time
	// UnnamedUntil is when the last access token expires of ended sessions that are too many to name; zero if there are none.
	UnnamedUntil time.Time
	// Changed holds users whose cached rows are out of date.
	Changed []id.User
	// AllChanged means that more users have changed than could be named.
	AllChanged bool
}

// apply updates the caches of this replica. Applying the same changes twice is harmless.
func (s *Service) apply(n changes) {
	s.denied.add(n.Ended, s.db.Clock())
	for session := range n.Ended {
		s.confirmed.drop(session)
	}
	if !n.UnnamedUntil.IsZero() {
		s.denied.addUnnamed(n.UnnamedUntil)
		// After addUnnamed, so that every session confirmed from now on was read after these sessions ended.
		s.confirmed.dropAll()
	}
	for _, user := range n.Changed {
		s.users.drop(user)
	}
	if n.AllChanged {
		s.users.dropAll()
		s.confirmed.dropAll()
	}
}

// announce applies changes on this replica when their transaction is committed. With Redis, it also publishes them to the other
// replicas, ahead of the log.
func (s *Service) announce(tx db.Tx, n changes) {
	tx.AfterCommit(func() {
		s.apply(n)
		if s.fanout != nil {
			s.fanout.publish(n)
		}
	})
}
