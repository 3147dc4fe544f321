package session

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Row is a session as it is stored.
type Row = dbsqlc.Session

// List returns the sessions of a user that are alive, the last used first, and at most 100.
func (s *Service) List(ctx context.Context, user id.User) ([]Row, error) {
	rows, err := s.q.ListSessions(ctx, s.db, dbsqlc.ListSessionsParams{UserID: uuid.UUID(user), Now: s.db.Clock()})
	if err != nil {
		return nil, fmt.Errorf("list sessions: %w", err)
	}
	return rows, nil
}
