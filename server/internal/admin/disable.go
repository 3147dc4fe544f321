package admin

import (
	"context"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Disable disables an account and ends its sessions. The reason is kept for administrators. It refuses with NOT_FOUND, and with
// INVALID_FIELDS for the caller's own account.
func (s *Service) Disable(ctx context.Context, caller account.Caller, user id.User, reason string) (dbsqlc.User, error) {
	if wrong := notOneself(caller, user); len(wrong) > 0 {
		return dbsqlc.User{}, fault.Invalid(wrong...)
	}
	entry := entryOf(audit.Disabled, caller, user)
	if reason != "" {
		entry.Details[audit.ReasonDetail] = reason
	}
	return s.administer(ctx, caller, entry, func(tx db.Tx) (dbsqlc.User, error) {
		row, err := s.q.DisableUser(ctx, tx, dbsqlc.DisableUserParams{ID: uuid.UUID(user), Now: tx.Now})
		if err != nil {
			return row, err
		}
		return row, s.sessions.EndAll(ctx, tx, user)
	})
}
