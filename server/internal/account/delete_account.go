package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// DeleteAccount deletes the caller's account and everything tied to it; contacts and nickname are free again. It refuses
// with CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) DeleteAccount(ctx context.Context, caller Caller, current secret.Text) error {
	found, err := s.confirmPassword(ctx, caller, current)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		user, err := s.keepPassword(ctx, tx, found, "")
		if err != nil {
			return err
		}
		if err := s.verifications.Forget(ctx, tx, provenContacts(user)...); err != nil {
			return err
		}
		if err := s.sends.Forget(ctx, tx, recipient(user)); err != nil {
			return err
		}
		if err := s.q.DeleteKnownDevices(ctx, tx, user.ID); err != nil {
			return fmt.Errorf("forget the known devices: %w", err)
		}
		// Password, sessions, devices and activity go with the row.
		if _, err := s.q.DeleteUser(ctx, tx, uuid.UUID(caller.User)); err != nil {
			return fmt.Errorf("delete the account: %w", err)
		}
		s.sessions.UserChanged(tx, caller.User)
		return nil
	})
	if errors.Is(err, errPasswordChanged) {
		return fault.New(latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	return err
}
