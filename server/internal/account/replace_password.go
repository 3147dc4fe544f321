package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// ReplacePassword replaces the password of an account without the current one, and ends every other session. The caller's token is of
// a recent session, or RECENT_SIGN_IN_REQUIRED refuses it. ReplacePassword also refuses with INVALID_FIELDS if the account has no
// password, and with PASSWORD_POLICY, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) ReplacePassword(ctx context.Context, caller Caller, access token.Access, chosen secret.Text) error {
	if err := s.sessions.RequireRecent(ctx, access); err != nil {
		return err
	}
	// A hash is costly, whatever its outcome.
	if err := s.limits.Charge(ctx, confirmBudget.Of(caller.User.String())); err != nil {
		return err
	}
	row, err := s.q.FindUserWithPassword(ctx, s.db, uuid.UUID(caller.User))
	if db.NotFound(err) {
		return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	if err != nil {
		return fmt.Errorf("find the account: %w", err)
	}
	if row.Hash == "" {
		return fault.Invalid(fault.Violation{
			Field: newPasswordField, Rule: "password.missing", Message: "The account has no password yet: set the first one.",
		})
	}
	if wrong := s.rules.newPassword(newPasswordField, chosen, ownIdentifiers(row.User)...); len(wrong) > 0 {
		return invalidOrPolicy(wrong)
	}
	hash, err := s.hash(ctx, chosen)
	if err != nil {
		return err
	}
	return s.asOwner(ctx, caller, func(tx db.Tx, user dbsqlc.User) error {
		if err := s.q.SetPassword(ctx, tx, dbsqlc.SetPasswordParams{UserID: user.ID, Hash: hash}); err != nil {
			return fmt.Errorf("set the password: %w", err)
		}
		return s.passwordChanged(ctx, tx, user, caller.Session, caller.entry(audit.PasswordChanged))
	})
}
