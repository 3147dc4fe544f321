package session

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Check asks the database whether the session of a verified token lives. It refuses with SESSION_REVOKED and
// ACCOUNT_DISABLED.
func (s *Service) Check(ctx context.Context, caller token.Access) error {
	disabledAt, err := s.q.FindSession(ctx, s.db, dbsqlc.FindSessionParams{
		ID: uuid.UUID(caller.Session), UserID: uuid.UUID(caller.User), Now: s.db.Clock(),
	})
	switch {
	case db.NotFound(err):
		return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	case err != nil:
		return fmt.Errorf("find the session: %w", err)
	case disabledAt != nil:
		return fault.New(latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
	}
	return nil
}
