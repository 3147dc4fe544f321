package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// asOwner locks the caller's account and runs do in the same transaction. It refuses with SESSION_REVOKED if the account was deleted
// or the session has ended.
//
// The session is checked again, after the lock. The transport has checked it before the call waited for the lock or for a hash, and
// the call that it waited for may have ended the session.
func (s *Service) asOwner(ctx context.Context, caller Caller, do func(db.Tx, dbsqlc.User) error) error {
	return s.withLockedUser(ctx, caller.User, func(tx db.Tx, user dbsqlc.User) error {
		if _, err := s.sessions.RequireAlive(ctx, tx, caller.User, caller.Session); err != nil {
			return err
		}
		return do(tx, user)
	})
}

// withLockedUser locks an account and runs do in the same transaction. The account's row is locked before those of its sessions. It
// refuses with SESSION_REVOKED if the account was deleted.
func (s *Service) withLockedUser(ctx context.Context, owner id.User, do func(db.Tx, dbsqlc.User) error) error {
	return s.db.InTx(ctx, func(tx db.Tx) error {
		user, err := s.q.LockUser(ctx, tx, uuid.UUID(owner))
		if db.NotFound(err) {
			return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
		}
		if err != nil {
			return fmt.Errorf("lock the account: %w", err)
		}
		return do(tx, user)
	})
}
