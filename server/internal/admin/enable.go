package admin

import (
	"context"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Enable enables a disabled account. It refuses with NOT_FOUND.
func (s *Service) Enable(ctx context.Context, caller account.Caller, user id.User) (dbsqlc.User, error) {
	return s.administer(ctx, caller, entryOf(audit.Enabled, caller, user), func(tx db.Tx) (dbsqlc.User, error) {
		return s.q.EnableUser(ctx, tx, uuid.UUID(user))
	})
}
