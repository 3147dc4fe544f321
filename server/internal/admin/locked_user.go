package admin

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// withLockedUser locks an account and runs do in the same transaction. It refuses with NOT_FOUND if there is no such account, and with
// SESSION_REVOKED or ROLE_REQUIRED if the caller's session has ended or the caller is no administrator any more.
//
// The caller is checked again, after the lock. The transport has checked it before the call waited, and the call that it waited for may
// have taken the role or ended the session.
func (s *Service) withLockedUser(ctx context.Context, caller account.Caller, user id.User, do func(db.Tx) error) error {
	return s.db.InTx(ctx, func(tx db.Tx) error {
		_, err := s.q.LockUser(ctx, tx, uuid.UUID(user))
		if db.NotFound(err) {
			return fault.New(latchkeyv1.Reason_REASON_NOT_FOUND)
		}
		if err != nil {
			return fmt.Errorf("lock an account: %w", err)
		}
		administrator, err := s.sessions.RequireAlive(ctx, tx, caller.User, caller.Session)
		if err != nil {
			return err
		}
		if administrator.Role != account.AdminRole {
			return fault.New(latchkeyv1.Reason_REASON_ROLE_REQUIRED)
		}
		return do(tx)
	})
}
