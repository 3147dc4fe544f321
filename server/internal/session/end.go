package session

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// What ends here takes effect on this replica when the transaction is committed, and on the others within a second.

// End ends one session of a user, and tells whether there was such a one.
func (s *Service) End(ctx context.Context, tx db.Tx, user id.User, session id.Session) (found bool, err error) {
	row, err := s.q.EndSession(ctx, tx, dbsqlc.EndSessionParams{ID: uuid.UUID(session), UserID: uuid.UUID(user)})
	if db.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("end a session: %w", err)
	}
	s.announce(tx, news{Ended: map[id.Session]time.Time{session: row.AccessExpiresAt}})
	return true, nil
}

// EndAll ends every session of a user.
func (s *Service) EndAll(ctx context.Context, tx db.Tx, user id.User) error {
	return s.EndOthers(ctx, tx, user, id.Session{})
}

// EndOthers ends every session of a user but one.
func (s *Service) EndOthers(ctx context.Context, tx db.Tx, user id.User, keep id.Session) error {
	rows, err := s.q.EndSessions(ctx, tx, dbsqlc.EndSessionsParams{UserID: uuid.UUID(user), Keep: uuid.UUID(keep)})
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	ended := make(map[id.Session]time.Time, len(rows))
	for _, row := range rows {
		ended[id.Session(row.ID)] = row.AccessExpiresAt
	}
	s.announce(tx, news{Ended: ended})
	return nil
}

// UserChanged has the replicas look at a user anew, whose role, lock-out or profile the transaction changes.
func (s *Service) UserChanged(tx db.Tx, user id.User) {
	s.announce(tx, news{Changed: []id.User{user}})
}
