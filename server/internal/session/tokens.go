package session

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Tokens holds the tokens of a session.
type Tokens struct {
	Access  token.Signed
	Refresh token.Signed
}

// holding holds the claims of a session's tokens.
type holding struct {
	session, user   uuid.UUID
	role            string
	generation      int32
	amr             []string
	authenticatedAt time.Time
	// counter is the counter of the refresh token, and renewedAt is when the session reached it.
	counter   int32
	renewedAt time.Time
	expiresAt time.Time
	// accessExpiresAt is nil if a previous version has created the session, and it was not renewed since.
	accessExpiresAt *time.Time
}

// Tokens signs the tokens of a session. It runs no SQL.
func (s *Service) Tokens(started Started) (Tokens, error) { return s.sign(started.holding) }

// sign signs the tokens of a session. An access token outlives neither the session, if that is not renewed, nor the expiry in the
// session's row: after a session has ended, its tokens are denied until that time. The row's expiry is later by the duration of
// the statement.
func (s *Service) sign(h holding) (Tokens, error) {
	end := h.expiresAt
	if h.accessExpiresAt != nil {
		end = earlier(end, *h.accessExpiresAt)
	}
	access, err := s.tokens.Access(token.Access{
		User:            id.User(h.user),
		Session:         id.Session(h.session),
		Role:            h.role,
		AMR:             h.amr,
		AuthenticatedAt: h.authenticatedAt,
		Generation:      h.generation,
	}, end)
	if err != nil {
		return Tokens{}, fmt.Errorf("sign the access token: %w", err)
	}
	refresh, err := s.tokens.Refresh(token.Refresh{
		User:      id.User(h.user),
		Session:   id.Session(h.session),
		Counter:   h.counter,
		IssuedAt:  h.renewedAt,
		ExpiresAt: h.expiresAt,
	})
	if err != nil {
		return Tokens{}, fmt.Errorf("sign the refresh token: %w", err)
	}
	return Tokens{Access: access, Refresh: refresh}, nil
}
