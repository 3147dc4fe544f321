package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// SignOut ends the caller's session. Its tokens are refused from now on: here at once, and on every replica within a
// second.
func (s *Service) SignOut(ctx context.Context, caller Caller) error {
	return s.asOwner(ctx, caller, func(tx db.Tx, _ dbsqlc.User) error {
		found, err := s.sessions.End(ctx, tx, caller.User, caller.Session)
		if err != nil || !found {
			// Signed out by another call, at the same moment.
			return err
		}
		return s.audit.Record(ctx, tx, caller.entry(audit.SignedOut))
	})
}

// asOwner holds the caller's account, whose row comes before those of its sessions, and does something with it. It refuses
// with SESSION_REVOKED when the account is gone.
func (s *Service) asOwner(ctx context.Context, caller Caller, do func(db.Tx, dbsqlc.User) error) error {
	return s.db.InTx(ctx, func(tx db.Tx) error {
		user, err := s.q.LockUser(ctx, tx, uuid.UUID(caller.User))
		if db.NotFound(err) {
			return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
		}
		if err != nil {
			return fmt.Errorf("lock the account: %w", err)
		}
		return do(tx, user)
	})
}
