package admin

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// administer changes an account and records it, in one transaction. The change returns the account's row as it is then.
func (s *Service) administer(
	ctx context.Context, caller account.Caller, entry audit.Entry, change func(db.Tx) (dbsqlc.User, error),
) (row dbsqlc.User, err error) {
	err = s.withLockedUser(ctx, caller, entry.User, func(tx db.Tx) error {
		if row, err = change(tx); err != nil {
			return fmt.Errorf("administer an account: %w", err)
		}
		s.sessions.UserChanged(tx, entry.User)
		return audit.Record(ctx, tx, entry)
	})
	return row, err
}

func notOneself(caller account.Caller, user id.User) []fault.Violation {
	if caller.User != user {
		return nil
	}
	return []fault.Violation{{Field: "userId", Rule: "user.own", Message: "Ask another administrator to change your own account."}}
}
