package session

import (
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// news is what a replica has to hear of.
type changes struct {
	// Ended sessions, and when the last access token of each of them ends.
	Ended map[id.Session]time.Time
	// UnnamedUntil is when the last access token ends of sessions that have ended and are too many to name; zero when
	// there are none.
	UnnamedUntil time.Time
	// Changed users: what is remembered of them is out of date.
	Changed []id.User
	// AllChanged means that users have changed who are too many to name.
	AllChanged bool
}

// apply makes this replica act on news. Hearing them twice does no harm.
func (s *Service) apply(n changes) {
	s.denied.add(n.Ended, s.db.Clock())
	for session := range n.Ended {
		s.confirmed.drop(session)
	}
	if !n.UnnamedUntil.IsZero() {
		s.denied.addUnnamed(n.UnnamedUntil)
		// After it: a session that is confirmed for from now on is one that was asked about from now on.
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

// announce has this replica act on news when their transaction is committed, and carries them to the others ahead of the
// log, if there is something to carry them.
func (s *Service) announce(tx db.Tx, n changes) {
	tx.AfterCommit(func() {
		s.apply(n)
		if s.fanout != nil {
			s.fanout.publish(n)
		}
	})
}
