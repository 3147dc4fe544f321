package admin

import (
	"context"
	"fmt"
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

// Enable enables a disabled account. It refuses with NOT_FOUND.
func (s *Service) Enable(ctx context.Context, caller account.Caller, user id.User) (dbsqlc.User, error) {
	return s.administer(ctx, caller, entryOf(audit.Enabled, caller, user), func(tx db.Tx) (dbsqlc.User, error) {
		return s.q.EnableUser(ctx, tx, uuid.UUID(user))
	})
}

// RevokeSessions ends every session of an account. It refuses with NOT_FOUND.
func (s *Service) RevokeSessions(ctx context.Context, caller account.Caller, user id.User) error {
	_, err := s.administer(ctx, caller, entryOf(audit.SessionsEnded, caller, user), func(tx db.Tx) (dbsqlc.User, error) {
		return dbsqlc.User{}, s.sessions.EndAll(ctx, tx, user)
	})
	return err
}

// administer changes an account and records it, in one transaction. The change returns the account's row as it is then.
func (s *Service) administer(
	ctx context.Context, caller account.Caller, entry audit.Entry, change func(db.Tx) (dbsqlc.User, error),
) (row dbsqlc.User, err error) {
	err = s.withLockedUser(ctx, caller, entry.User, func(tx db.Tx) error {
		if row, err = change(tx); err != nil {
			return fmt.Errorf("administer an account: %w", err)
		}
		s.sessions.UserChanged(tx, entry.User)
		return audit.Record(ctx, tx, entry)
	})
	return row, err
}

func notOneself(caller account.Caller, user id.User) []fault.Violation {
	if caller.User != user {
		return nil
	}
	return []fault.Violation{{Field: "userId", Rule: "user.own", Message: "Ask another administrator to change your own account."}}
}
