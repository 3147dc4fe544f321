package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
)

// SignOut ends the caller's session. Its tokens are refused from then on: on this replica at once, and on every other within a
// second.
func (s *Service) SignOut(ctx context.Context, caller Caller) error {
	return s.asOwner(ctx, caller, func(tx db.Tx, _ dbsqlc.User) error {
		found, err := s.sessions.End(ctx, tx, caller.User, caller.Session)
		if err != nil || !found {
			// A concurrent call has ended the session.
			return err
		}
		return audit.Record(ctx, tx, caller.entry(audit.SignedOut))
	})
}
