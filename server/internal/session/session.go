// Package session keeps sign-ins: one row is one sign-in on one device. A session is made by each authentication anew;
// nothing that a caller sends is ever adopted as one.
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

// Config says how long sessions live (OWASP ASVS 5.0 7.3.1 and 7.3.2).
type Config struct {
	// RefreshTTL is how long a session lives without being renewed.
	RefreshTTL time.Duration
	// MaxAge is how long it lives however often it is renewed.
	MaxAge time.Duration
}

// Service keeps sessions. Its methods may be called from many goroutines.
type Service struct {
	db     *db.DB
	q      *dbsqlc.Queries
	tokens *token.Issuer
	cfg    Config
}

// New makes a Service.
func New(d *db.DB, tokens *token.Issuer, cfg Config) *Service {
	return &Service{db: d, q: dbsqlc.New(), tokens: tokens, cfg: cfg}
}

// Client is where a call comes from.
type Client struct {
	UserAgent string
	IP        string
}

const maxUserAgent = 512

// NewClient takes what a request says about itself, cut to a text that the database can store.
func NewClient(userAgent, ip string) Client {
	return Client{UserAgent: cut(userAgent, maxUserAgent), IP: ip}
}

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
	row, err := s.q.CreateSession(ctx, tx, dbsqlc.CreateSessionParams{
		ID:        uuid.UUID(id.NewSession()),
		UserID:    uuid.UUID(in.User),
		Amr:       in.AMR,
		Now:       tx.Now,
		UserAgent: in.Client.UserAgent,
		Ip:        in.Client.IP,
		ExpiresAt: tx.Now.Add(min(s.cfg.RefreshTTL, s.cfg.MaxAge)),
		EndsAt:    tx.Now.Add(s.cfg.MaxAge),
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
func (s *Service) Tokens(started Started) (Tokens, error) {
	row := started.row
	access, err := s.tokens.Access(token.Access{
		User:            id.User(row.UserID),
		Session:         id.Session(row.ID),
		Role:            started.role,
		AMR:             row.Amr,
		AuthenticatedAt: row.AuthenticatedAt,
	}, row.EndsAt)
	if err != nil {
		return Tokens{}, fmt.Errorf("sign the access token: %w", err)
	}
	refresh, err := s.tokens.Refresh(token.Refresh{
		User:      id.User(row.UserID),
		Session:   id.Session(row.ID),
		Counter:   row.RefreshCounter,
		ExpiresAt: row.ExpiresAt,
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("sign the refresh token: %w", err)
	}
	return Tokens{Access: access, Refresh: refresh}, nil
}
