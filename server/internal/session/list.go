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

// Row is a session as stored.
type Row = dbsqlc.Session

// List returns the active sessions of a user, the most recently used first, at most 100.
func (s *Service) List(ctx context.Context, user id.User) ([]Row, error) {
	rows, err := s.q.ListSessions(ctx, s.db, dbsqlc.ListSessionsParams{UserID: uuid.UUID(user), Now: s.db.Clock()})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return rows, nil
}

// EndOf returns when a session expires unless it is renewed. alive is false if it has ended since the call was admitted.
func (s *Service) EndOf(ctx context.Context, user id.User, session id.Session) (end time.Time, alive bool, err error) {
	end, err = s.q.GetSessionEnd(ctx, s.db, dbsqlc.GetSessionEndParams{
		ID: uuid.UUID(session), UserID: uuid.UUID(user), Now: s.db.Clock(),
	})
	if db.NotFound(err) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, fmt.Errorf("find the end of a session: %w", err)
	}
	return end, true, nil
}
