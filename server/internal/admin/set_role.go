package admin

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// SetRole changes the role of an account. Tokens with the old role are refused from then on. It refuses with NOT_FOUND, and with
// INVALID_FIELDS for an unknown role or the caller's own account: administrators cannot promote themselves, and the last one
// cannot demote themselves by mistake.
func (s *Service) SetRole(ctx context.Context, caller account.Caller, user id.User, role string) (dbsqlc.User, error) {
	if wrong := append(notOneself(caller, user), s.RoleViolations(role)...); len(wrong) > 0 {
		return dbsqlc.User{}, fault.Invalid(wrong...)
	}
	entry := entryOf(audit.RoleChanged, caller, user)
	entry.Details[audit.RoleDetail] = role
	return s.administer(ctx, caller, entry, func(tx db.Tx) (dbsqlc.User, error) {
		return s.q.SetRole(ctx, tx, dbsqlc.SetRoleParams{ID: uuid.UUID(user), Role: role})
	})
}

// RoleViolations returns what is wrong with a new role.
func (s *Service) RoleViolations(role string) []fault.Violation {
	if role == account.AdminRole || slices.Contains(s.roles, role) {
		return nil
	}
	return []fault.Violation{{Field: "role", Rule: "role.unknown", Message: "Choose one of the roles that the settings name, or admin."}}
}
