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

// Reauthenticate records that the user of a session has authenticated again. Tokens issued from now on have the new time; for
// earlier tokens, AuthenticatedAt returns it. It refuses with SESSION_REVOKED. The caller holds the lock on the user's row.
func (s *Service) Reauthenticate(ctx context.Context, tx db.Tx, user id.User, session id.Session) error {
	found, err := s.q.Reauthenticate(ctx, tx, dbsqlc.ReauthenticateParams{
		ID: uuid.UUID(session), UserID: uuid.UUID(user), Now: tx.Now,
	})
	if err != nil {
		return fmt.Errorf("reauthenticate a session: %w", err)
	}
	if found == 0 {
		return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	return nil
}

// AuthenticatedAt returns when the user of a token's session last authenticated, which may be after the token was issued. It
// refuses with SESSION_REVOKED.
func (s *Service) AuthenticatedAt(ctx context.Context, caller token.Access) (time.Time, error) {
	at, err := s.q.GetAuthenticationTime(ctx, s.db, dbsqlc.GetAuthenticationTimeParams{
		ID: uuid.UUID(caller.Session), UserID: uuid.UUID(caller.User), Now: s.db.Clock(),
	})
	if db.NotFound(err) {
		return time.Time{}, fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("find when a user has authenticated: %w", err)
	}
	return at, nil
}

// lastAuthenticated returns the later of the session's start and the last time its user authenticated again.
func lastAuthenticated(row dbsqlc.RefreshSessionRow) time.Time {
	if row.ReauthenticatedAt != nil {
		return *row.ReauthenticatedAt
	}
	return row.AuthenticatedAt
}
