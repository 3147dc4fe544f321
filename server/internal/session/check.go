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

// Check returns the user of a verified token whose session is alive. It refuses with SESSION_REVOKED and
// ACCOUNT_DISABLED, and with TOKEN_EXPIRED when the user has another role by now: the next token tells it.
//
// It runs no SQL unless the user is missing from the cache (usersTTL), the log of revocations was not read lately, or more
// sessions have ended than memory knows by name: then it asks once about each session.
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

// owner returns the user of a session that is alive; else its error is db.NotFound's.
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
	// Another role than the remembered one may be a newer one, and so may a later generation: another replica has made the
	// token after a change.
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
		// The database has lost what the token tells of: it was restored, or a failover has cost commits. Its session may be
		// lost as well.
		return s.find(ctx, caller)
	default:
		return user, nil
	}
}

// ended reports whether a user has ended the session of a token together with others. Generations only grow, and a session
// of an earlier one that was not kept is not kept later: so this holds however old the user's row is.
func ended(user dbsqlc.User, caller token.Access) bool {
	kept := user.KeptSession != nil && id.Session(*user.KeptSession) == caller.Session
	return caller.Generation < user.SessionGeneration && !kept
}

// find asks the database for the user of a session that is alive.
func (s *Service) find(ctx context.Context, caller token.Access) (dbsqlc.User, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	return s.q.FindSession(ctx, s.db, dbsqlc.FindSessionParams{
		ID: uuid.UUID(caller.Session), UserID: uuid.UUID(caller.User), Now: s.db.Clock(),
	})
}

// vouch asks the database about a session that memory would not know if it had ended, and remembers the answer.
func (s *Service) confirm(ctx context.Context, caller token.Access) (dbsqlc.User, error) {
	var user dbsqlc.User
	_, err := s.confirmed.read(caller.Session, func() (_ struct{}, err error) {
		user, err = s.find(ctx, caller)
		return struct{}{}, err
	})
	if db.NotFound(err) {
		// A session that is not alive never is again.
		s.denied.add(map[id.Session]time.Time{caller.Session: caller.ExpiresAt}, s.db.Clock())
	}
	return user, err
}
