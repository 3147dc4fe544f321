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
)

// SetPassword sets the first password of an account, and ends every other session. It refuses with INVALID_FIELDS if the account
// has a password, and with PASSWORD_POLICY, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) SetPassword(ctx context.Context, caller Caller, chosen secret.Text) error {
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
	// Checked before the hash, which is costly. The transaction below decides.
	if row.Hash != "" {
		return hasPassword()
	}
	if wrong := s.rules.newPassword(newPasswordField, chosen, ownIdentifiers(row.User)...); len(wrong) > 0 {
		return invalidOrPolicy(wrong)
	}
	hash, err := s.hash(ctx, chosen)
	if err != nil {
		return err
	}
	return s.asOwner(ctx, caller, func(tx db.Tx, user dbsqlc.User) error {
		err := s.q.CreatePassword(ctx, tx, dbsqlc.CreatePasswordParams{UserID: user.ID, Hash: hash})
		if db.ViolatedUnique(err) == "passwords_pkey" {
			return hasPassword()
		}
		if err != nil {
			return fmt.Errorf("store the password: %w", err)
		}
		return s.passwordChanged(ctx, tx, user, caller.Session, caller.entry(audit.PasswordSet))
	})
}

func hasPassword() error {
	return fault.Invalid(fault.Violation{
		Field: newPasswordField, Rule: "password.exists", Message: "The account has a password: change it with the current one.",
	})
}
