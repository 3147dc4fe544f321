package session

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Check tells whether the session of a verified token lives, and gives its user. It refuses with SESSION_REVOKED and
// ACCOUNT_DISABLED, and with TOKEN_EXPIRED when the user has another role by now: the next token tells it.
//
// It costs no statement, but for a user who was not seen in the last ten minutes.
func (s *Service) Check(ctx context.Context, caller token.Access) (dbsqlc.User, error) {
	user, err := s.owner(ctx, caller)
	switch {
	case db.NotFound(err):
		return dbsqlc.User{}, fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	case err != nil:
		return dbsqlc.User{}, fmt.Errorf("find the user of a session: %w", err)
	case user.DisabledAt != nil:
		return dbsqlc.User{}, fault.New(latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
	case user.Role != caller.Role:
		return dbsqlc.User{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
	}
	return user, nil
}

// askTimeout bounds what a check waits for a database that does not answer, so that the caller is told so.
const askTimeout = 3 * time.Second

// owner gives the user of a session that lives; else its error is db.NotFound's.
func (s *Service) owner(ctx context.Context, caller token.Access) (dbsqlc.User, error) {
	if !s.feed.fresh() {
		ctx, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		return s.q.FindSession(ctx, s.db, dbsqlc.FindSessionParams{
			ID: uuid.UUID(caller.Session), UserID: uuid.UUID(caller.User), Now: s.db.Clock(),
		})
	}
	if s.denied.has(caller.Session) {
		return dbsqlc.User{}, db.ErrNotFound
	}
	// Another role than the remembered one may be a newer one: another replica has made the token after a change.
	if user, ok := s.users.remembered(caller.User); ok && user.Role == caller.Role {
		return user, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return s.users.read(ctx, caller.User)
}
