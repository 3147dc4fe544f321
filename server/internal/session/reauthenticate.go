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

// Reauthenticate notes that the user of a session has proved again who they are. Tokens that are made from now on tell it;
// for those made before, ask AuthenticatedAt. It refuses with SESSION_REVOKED. The caller holds the user's row.
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

// AuthenticatedAt returns when the user of a token's session last proved who they are, which may be after the token was made.
// It refuses with SESSION_REVOKED.
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

// lastAuthenticated returns the later one of when a session began and when its user last proved again who they are.
func lastAuthenticated(row dbsqlc.RefreshSessionRow) time.Time {
	if row.ReauthenticatedAt != nil {
		return *row.ReauthenticatedAt
	}
	return row.AuthenticatedAt
}
