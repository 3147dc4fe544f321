package session

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// HasOthers reports whether a user has a session that lives beside one. The caller holds the user's row, so none is started
// until the transaction ends.
func (s *Service) HasOthers(ctx context.Context, tx db.Tx, user id.User, keep id.Session) (bool, error) {
	others, err := s.q.HasOtherSessions(ctx, tx, dbsqlc.HasOtherSessionsParams{
		UserID: uuid.UUID(user), Keep: uuid.UUID(keep), Now: tx.Now,
	})
	if err != nil {
		return false, fmt.Errorf("look for other sessions: %w", err)
	}
	return others, nil
}
