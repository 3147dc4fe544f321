package session

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// EndAll ends every session of a user.
func (s *Service) EndAll(ctx context.Context, tx db.Tx, user id.User) error {
	return s.EndOthers(ctx, tx, user, id.Session{})
}

// EndOthers ends every session of a user but one.
func (s *Service) EndOthers(ctx context.Context, tx db.Tx, user id.User, keep id.Session) error {
	_, err := s.q.EndSessions(ctx, tx, dbsqlc.EndSessionsParams{UserID: uuid.UUID(user), Keep: uuid.UUID(keep)})
	if err != nil {
		return fmt.Errorf("end sessions: %w", err)
	}
	return nil
}
