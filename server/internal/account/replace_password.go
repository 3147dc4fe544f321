package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// ReplacePassword replaces the password of an account without the current one, and ends every other session. It refuses with
// RECENT_SIGN_IN_REQUIRED unless the caller's token is of a recent session, with INVALID_FIELDS if the account has no password, and
// with PASSWORD_POLICY, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) ReplacePassword(ctx context.Context, caller Caller, access token.Access, chosen secret.Text) error {
	if err := s.sessions.RequireRecent(ctx, access); err != nil {
		return err
	}
	hash, err := s.hashNewPassword(ctx, caller, chosen, true)
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
