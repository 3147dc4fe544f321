package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// DeleteAccount deletes the caller's account with all its data. Its contacts and nickname become available. Its events stay, without
// personal data. It refuses with SESSION_REVOKED.
func (s *Service) DeleteAccount(ctx context.Context, caller Caller) error {
	return s.asOwner(ctx, caller, func(tx db.Tx, user dbsqlc.User) error {
		if err := s.verifications.Forget(ctx, tx, provenContacts(user)...); err != nil {
			return err
		}
		if err := s.sends.Forget(ctx, tx, notify.RecipientOf(user)); err != nil {
			return err
		}
		// The deletion cascades to password, devices and sessions.
		if _, err := s.q.DeleteUser(ctx, tx, user.ID); err != nil {
			return fmt.Errorf("delete the account: %w", err)
		}
		if err := audit.Record(ctx, tx, caller.entry(audit.AccountDeleted)); err != nil {
			return err
		}
		// It removes the personal data of the entry too.
		if _, err := cleanup.EraseStep(ctx, tx, user.ID); err != nil {
			return err
		}
		s.sessions.UserChanged(tx, caller.User)
		return nil
	})
}
