package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// hashNewPassword charges the caller's budget, since a hash is costly, and returns the hash of a new password. hasPassword says whether
// the account must have a password or must have none. It refuses with INVALID_FIELDS if that is not so, and with PASSWORD_POLICY,
// TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) hashNewPassword(ctx context.Context, caller Caller, chosen secret.Text, hasPassword bool) (string, error) {
	if err := s.limits.Charge(ctx, confirmBudget.Of(caller.User.String())); err != nil {
		return "", err
	}
	row, err := s.q.FindUserWithPassword(ctx, s.db, uuid.UUID(caller.User))
	if db.NotFound(err) {
		return "", fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	if err != nil {
		return "", fmt.Errorf("find the account: %w", err)
	}
	switch {
	case hasPassword && row.Hash == "":
		return "", missingPassword()
	case !hasPassword && row.Hash != "":
		return "", existingPassword()
	}
	if wrong := s.rules.newPassword(newPasswordField, chosen, ownIdentifiers(row.User)...); len(wrong) > 0 {
		return "", invalidOrPolicy(wrong)
	}
	return s.hash(ctx, chosen)
}

func missingPassword() error {
	return fault.Invalid(fault.Violation{
		Field: newPasswordField, Rule: "password.missing", Message: "The account has no password yet: set the first one.",
	})
}

func existingPassword() error {
	return fault.Invalid(fault.Violation{
		Field: newPasswordField, Rule: "password.exists", Message: "The account has a password: change it with the current one.",
	})
}
