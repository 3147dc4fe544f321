package session

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Authentication methods (RFC 8176). A code by mail or SMS is "otp", and never a factor of its own beside a password.
const (
	Password = "pwd"
	Code     = "otp"
)

// StartInput says whose session starts.
type StartInput struct {
	User   id.User
	Role   string
	AMR    []string
	Client Client
}

// Started is a new session, not yet with tokens: those are signed by Tokens, once the transaction has been committed.
type Started struct {
	row  dbsqlc.Session
	role string
}

// ID identifies the session.
func (s Started) ID() id.Session { return id.Session(s.row.ID) }

// Start makes a session.
func (s *Service) Start(ctx context.Context, tx db.Tx, in StartInput) (Started, error) {
	accessEnd := tx.Now.Add(s.tokens.AccessTTL())
	row, err := s.q.CreateSession(ctx, tx, dbsqlc.CreateSessionParams{
		ID:              uuid.UUID(id.NewSession()),
		UserID:          uuid.UUID(in.User),
		Amr:             in.AMR,
		Now:             tx.Now,
		UserAgent:       in.Client.UserAgent,
		Ip:              in.Client.IP,
		ExpiresAt:       tx.Now.Add(min(s.cfg.RefreshTTL, s.cfg.MaxAge)),
		EndsAt:          tx.Now.Add(s.cfg.MaxAge),
		AccessExpiresAt: &accessEnd,
	})
	if err != nil {
		return Started{}, fmt.Errorf("create a session: %w", err)
	}
	return Started{row: row, role: in.Role}, nil
}

// Tokens is what the caller of a session holds.
type Tokens struct {
	Access  token.Signed
	Refresh token.Signed
}

// Tokens signs the tokens of a session. It needs no database.
func (s *Service) Tokens(started Started) (Tokens, error) { return s.sign(started.row, started.role) }

// sign makes the tokens of a session as it stands. An access token does not outlive the session, idle as it may get, nor
// what the row says of its tokens: an ended session is refused until then, and this is later by all that the statement took.
func (s *Service) sign(row dbsqlc.Session, role string) (Tokens, error) {
	end := row.ExpiresAt
	if row.AccessExpiresAt != nil {
		end = earlier(end, *row.AccessExpiresAt)
	}
	access, err := s.tokens.Access(token.Access{
		User:            id.User(row.UserID),
		Session:         id.Session(row.ID),
		Role:            role,
		AMR:             row.Amr,
		AuthenticatedAt: row.AuthenticatedAt,
	}, end)
	if err != nil {
		return Tokens{}, fmt.Errorf("sign the access token: %w", err)
	}
	refresh, err := s.tokens.Refresh(token.Refresh{
		User:      id.User(row.UserID),
		Session:   id.Session(row.ID),
		Counter:   row.RefreshCounter,
		IssuedAt:  refreshedAt(row),
		ExpiresAt: row.ExpiresAt,
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("sign the refresh token: %w", err)
	}
	return Tokens{Access: access, Refresh: refresh}, nil
}

func refreshedAt(row dbsqlc.Session) time.Time {
	if row.RefreshedAt != nil {
		return *row.RefreshedAt
	}
	return row.AuthenticatedAt
}
