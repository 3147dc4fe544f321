package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
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
		if err := s.sends.Forget(ctx, tx, notify.RecipientOf(user)); err != nil {
			return err
		}
		// Password and devices go with the row. The sessions are dead with it.
		if _, err := s.q.DeleteUser(ctx, tx, uuid.UUID(caller.User)); err != nil {
			return fmt.Errorf("delete the account: %w", err)
		}
		if _, err := cleanup.EraseStep(ctx, tx, uuid.UUID(caller.User)); err != nil {
			return err
		}
		s.sessions.UserChanged(tx, caller.User)
		return nil
	})
	if errors.Is(err, errPasswordChanged) {
		return fault.New(latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	return err
}
