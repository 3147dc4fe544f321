package account

import (
	"context"
	"errors"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// ChangePassword replaces the current password with a new one, and ends every other session. It refuses with CREDENTIALS_INVALID,
// PASSWORD_POLICY, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) ChangePassword(ctx context.Context, caller Caller, current, chosen secret.Text) error {
	found, err := s.confirmPassword(ctx, caller, current)
	if err != nil {
		return err
	}
	if wrong := s.rules.newPassword(newPasswordField, chosen, ownIdentifiers(found.user)...); len(wrong) > 0 {
		return invalidOrPolicy(wrong)
	}
	hash, err := s.hash(ctx, chosen)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		// The confirmed password must still be the account's.
		user, err := s.keepPassword(ctx, tx, found, hash)
		if err != nil {
			return err
		}
		return s.passwordChanged(ctx, tx, user, caller.Session, caller.entry(audit.PasswordChanged))
	})
	if errors.Is(err, errPasswordChanged) {
		return fault.New(latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	return err
}
