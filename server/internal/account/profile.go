package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Profile gives an account. It refuses with SESSION_REVOKED when the account is gone while its token still lives.
func (s *Service) Profile(ctx context.Context, user id.User) (dbsqlc.User, error) {
	row, err := s.q.FindUser(ctx, s.db, uuid.UUID(user))
	if db.NotFound(err) {
		return dbsqlc.User{}, fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	if err != nil {
		return dbsqlc.User{}, fmt.Errorf("find the account: %w", err)
	}
	return row, nil
}
