package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// SetPassword sets the first password of an account, and ends every other session. It refuses with INVALID_FIELDS if the account
// has a password, and with PASSWORD_POLICY, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) SetPassword(ctx context.Context, caller Caller, chosen secret.Text) error {
	hash, err := s.hashNewPassword(ctx, caller, chosen, false)
	if err != nil {
		return err
	}
	return s.asOwner(ctx, caller, func(tx db.Tx, user dbsqlc.User) error {
		err := s.q.CreatePassword(ctx, tx, dbsqlc.CreatePasswordParams{UserID: user.ID, Hash: hash})
		// Another call has set one since the hash began.
		if db.ViolatedUnique(err) == "passwords_pkey" {
			return existingPassword()
		}
		if err != nil {
			return fmt.Errorf("store the password: %w", err)
		}
		return s.passwordChanged(ctx, tx, user, caller.Session, caller.entry(audit.PasswordSet))
	})
}
