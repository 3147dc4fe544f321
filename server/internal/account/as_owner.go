package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// asOwner locks the caller's account and runs do in the same transaction. The account's row is locked before those of its
// sessions. It refuses with SESSION_REVOKED if the account was deleted.
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
