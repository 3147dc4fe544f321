package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// ChangePassword sets a new password, given the current one, and ends every other session. It refuses with
// CREDENTIALS_INVALID, PASSWORD_POLICY, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
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
		// The password that was confirmed must still be the account's.
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

// confirmPassword makes sure that the caller knows the password, and not only holds a live token. It refuses with
// CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) confirmPassword(ctx context.Context, caller Caller, current secret.Text) (credential, error) {
	if err := s.limits.Charge(ctx, confirmBudget.Of(caller.User.String())); err != nil {
		return credential{}, err
	}
	row, err := s.q.FindUserWithPassword(ctx, s.db, uuid.UUID(caller.User))
	if db.NotFound(err) {
		return credential{}, fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	if err != nil {
		return credential{}, fmt.Errorf("find the account: %w", err)
	}
	match, err := s.passwords.Verify(ctx, current.Reveal(), row.Hash)
	if err != nil {
		return credential{}, busy(fmt.Errorf("verify a password: %w", err))
	}
	if !match.OK {
		if err := s.audit.RecordFailure(ctx, caller.entry(audit.PasswordRefused), ""); err != nil {
			return credential{}, err
		}
		return credential{}, fault.New(latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	return credential{found: true, user: row.User, hash: row.Hash}, nil
}

// NewPasswordViolations names the rules that a new password breaks, as far as that can be told without knowing whose it is.
func (s *Service) NewPasswordViolations(chosen secret.Text) []fault.Violation {
	return s.rules.newPassword(newPasswordField, chosen)
}
