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

// The end of a session takes effect on this replica when the transaction is committed, and on the others within a second.

// End ends one session of a user, and reports whether it was alive.
func (s *Service) End(ctx context.Context, tx db.Tx, user id.User, session id.Session) (found bool, err error) {
	row, err := s.q.EndSession(ctx, tx, dbsqlc.EndSessionParams{ID: uuid.UUID(session), UserID: uuid.UUID(user)})
	if db.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("end a session: %w", err)
	}
	s.announce(tx, changes{Ended: map[id.Session]time.Time{session: row.AccessExpiresAt}})
	return true, nil
}

// EndAll ends every session of a user. The caller holds the lock on the user's row.
func (s *Service) EndAll(ctx context.Context, tx db.Tx, user id.User) error {
	return s.EndOthers(ctx, tx, user, id.Session{})
}

// deletedAtOnce is more than the sessions that a user can have (maxSessions), and few enough for one transaction.
const deletedAtOnce = 2 * maxSessions

// EndOthers ends every session of a user except one, by starting the user's next generation. This takes the same time however
// many sessions there are. The caller holds the lock on the user's row.
//
// EndOthers deletes the rows if they are few, and leaves the rest to a background job. It deletes them first, while they are
// alive, so that the log names each of them: replicas of the previous version do not know generations.
func (s *Service) EndOthers(ctx context.Context, tx db.Tx, user id.User, keep id.Session) error {
	rows, err := s.q.DeleteSessions(ctx, tx, dbsqlc.DeleteSessionsParams{
		UserID: uuid.UUID(user), Keep: uuid.UUID(keep), Most: deletedAtOnce, Now: tx.Now,
	})
	if err != nil {
		return fmt.Errorf("delete sessions: %w", err)
	}
	if err := s.q.StartGeneration(ctx, tx, dbsqlc.StartGenerationParams{
		UserID: uuid.UUID(user), Keep: uuid.UUID(keep), Now: tx.Now,
	}); err != nil {
		return fmt.Errorf("start a generation of sessions: %w", err)
	}
	if len(rows) > maxSessions {
		if err := s.q.QueueErasure(ctx, tx, uuid.UUID(user)); err != nil {
			return fmt.Errorf("queue the deletion of sessions: %w", err)
		}
	}
	ended := make(map[id.Session]time.Time, len(rows))
	for _, row := range rows {
		ended[id.Session(row.ID)] = row.AccessExpiresAt
	}
	s.announce(tx, changes{Ended: ended, Changed: []id.User{user}})
	return nil
}

// HasOthers reports whether a user has an active session besides the given one.
func (s *Service) HasOthers(ctx context.Context, tx db.Tx, user id.User, keep id.Session) (bool, error) {
	found, err := s.q.HasOtherSessions(ctx, tx, dbsqlc.HasOtherSessionsParams{
		UserID: uuid.UUID(user), Keep: uuid.UUID(keep), Now: tx.Now,
	})
	if err != nil {
		return false, fmt.Errorf("look for other sessions: %w", err)
	}
	return found, nil
}

// UserChanged makes all replicas read a user again after the transaction, which changes the user's role, disabled state or
// profile.
func (s *Service) UserChanged(tx db.Tx, user id.User) {
	s.announce(tx, changes{Changed: []id.User{user}})
}
