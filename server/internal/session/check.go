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
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Check returns the user of a verified token whose session is alive. It refuses with SESSION_REVOKED and ACCOUNT_DISABLED. If the
// user has another role than the token, it refuses with TOKEN_EXPIRED: the next token has the new role.
//
// It runs no SQL unless the user is missing from the cache (usersTTL), the log of revocations was not read lately, or more
// sessions have ended than the deny list can hold. In the last case it runs one query for each session.
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

// askTimeout bounds the wait for a database that does not answer, so that the caller gets an error in time.
const askTimeout = 3 * time.Second

// owner returns the user of a session that is alive. For any other session it returns an error that db.NotFound recognizes.
func (s *Service) owner(ctx context.Context, caller token.Access) (dbsqlc.User, error) {
	if !s.feed.fresh() {
		return s.find(ctx, caller)
	}
	if s.denied.has(caller.Session) {
		return dbsqlc.User{}, db.ErrNotFound
	}
	if !s.denied.complete(s.db.Clock()) {
		if _, ok := s.confirmed.get(caller.Session); !ok {
			return s.confirm(ctx, caller)
		}
	}
	user, ok := s.users.get(caller.User)
	if ok && ended(user, caller) {
		return dbsqlc.User{}, db.ErrNotFound
	}
	// If the token has another role or a later generation than the cached user, the cached user may be out of date: another
	// replica has issued the token after a change.
	if ok && user.Role == caller.Role && user.SessionGeneration >= caller.Generation {
		return user, nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	user, err := s.users.read(ctx, caller.User)
	switch {
	case err != nil:
		return dbsqlc.User{}, err
	case ended(user, caller):
		return dbsqlc.User{}, db.ErrNotFound
	case user.SessionGeneration < caller.Generation:
		// The database does not have the generation of the token: it was restored, or a failover has lost commits. The session
		// may be lost too.
		return s.find(ctx, caller)
	default:
		return user, nil
	}
}

// ended reports whether a user has ended the session of a token together with others. Generations only grow, and a session of an
// earlier generation that was not kept is never kept later. So the result is right even if the user's row is out of date.
func ended(user dbsqlc.User, caller token.Access) bool {
	kept := user.KeptSession != nil && id.Session(*user.KeptSession) == caller.Session
	return caller.Generation < user.SessionGeneration && !kept
}

// find reads the user of a session that is alive from the database.
func (s *Service) find(ctx context.Context, caller token.Access) (dbsqlc.User, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return s.q.FindSession(ctx, s.db, dbsqlc.FindSessionParams{
		ID: uuid.UUID(caller.Session), UserID: uuid.UUID(caller.User), Now: s.db.Clock(),
	})
}

// confirm reads a session from the database when the deny list may lack it, and caches the result.
func (s *Service) confirm(ctx context.Context, caller token.Access) (dbsqlc.User, error) {
	var user dbsqlc.User
	_, err := s.confirmed.read(caller.Session, func() (_ struct{}, err error) {
		user, err = s.find(ctx, caller)
		return struct{}{}, err
	})
	if db.NotFound(err) {
		// A session that has ended stays ended.
		s.denied.add(map[id.Session]time.Time{caller.Session: caller.ExpiresAt}, s.db.Clock())
	}
	return user, err
}
