package admin

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// RevokeSessions ends every session of an account. It refuses with NOT_FOUND.
func (s *Service) RevokeSessions(ctx context.Context, caller account.Caller, user id.User) error {
	_, err := s.administer(ctx, caller, entryOf(audit.SessionsEnded, caller, user), func(tx db.Tx) (dbsqlc.User, error) {
		return dbsqlc.User{}, s.sessions.EndAll(ctx, tx, user)
	})
	return err
}
