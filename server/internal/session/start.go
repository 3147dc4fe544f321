package session

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Authentication methods (RFC 8176). A code by mail or SMS is "otp". It never counts as a second factor next to a password.
const (
	Password = "pwd"
	Code     = "otp"
)

// StartInput describes the session to start.
type StartInput struct {
	User   id.User
	Role   string
	AMR    []string
	Client Client
}

// maxSessions limits the active sessions of a user. Users do not have that many devices; a program that signs in for each of its
// calls exceeds it.
const maxSessions = 100

// Started is a new session without tokens. Tokens signs them after the transaction was committed.
type Started struct{ holding holding }

// ID returns the session's id.
func (s Started) ID() id.Session { return id.Session(s.holding.session) }

// Start creates a session. The caller holds the lock on the user's row. If the user has maxSessions already, the oldest one ends.
func (s *Service) Start(ctx context.Context, tx db.Tx, in StartInput) (Started, error) {
	row, err := s.q.CreateSession(ctx, tx, dbsqlc.CreateSessionParams{
		ID:              uuid.UUID(id.NewSession()),
		UserID:          uuid.UUID(in.User),
		Amr:             in.AMR,
		Now:             tx.Now,
		UserAgent:       in.Client.UserAgent,
		Ip:              in.Client.IP,
		ExpiresAt:       tx.Now.Add(min(s.cfg.RefreshTTL, s.cfg.MaxAge)),
		EndsAt:          tx.Now.Add(s.cfg.MaxAge),
		AccessExpiresAt: tx.Now.Add(s.tokens.AccessTTL()),
		Others:          maxSessions - 1,
	})
	if err != nil {
		return Started{}, fmt.Errorf("create a session: %w", err)
	}
	if len(row.Ended) > 0 {
		ended := make(map[id.Session]time.Time, len(row.Ended))
		for _, session := range row.Ended {
			ended[id.Session(session)] = row.EndedTokenEnd
		}
		s.announce(tx, changes{Ended: ended})
	}
	return Started{holding{
		session:         row.ID,
		user:            row.UserID,
		role:            in.Role,
		generation:      row.Generation,
		amr:             row.Amr,
		authenticatedAt: row.AuthenticatedAt,
		counter:         row.RefreshCounter,
		renewedAt:       row.AuthenticatedAt,
		expiresAt:       row.ExpiresAt,
		accessExpiresAt: row.AccessExpiresAt,
	}}, nil
}
