package session

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Tokens is what the caller of a session holds.
type Tokens struct {
	Access  token.Signed
	Refresh token.Signed
}

// holding is what the tokens of a session say of it.
type holding struct {
	session, user   uuid.UUID
	role            string
	generation      int32
	amr             []string
	authenticatedAt time.Time
	// counter is that of the refresh token, and renewedAt when it was reached.
	counter   int32
	renewedAt time.Time
	expiresAt time.Time
	// accessExpiresAt is nil where a version before this one has made the session and it was not renewed since.
	accessExpiresAt *time.Time
}

// Tokens signs the tokens of a session. It runs no SQL.
func (s *Service) Tokens(started Started) (Tokens, error) { return s.sign(started.holding) }

// sign makes the tokens of a session as it stands. An access token does not outlive the session, idle as it may get, nor
// what the row says of its tokens: an ended session is refused until then, and this is later by all that the statement took.
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
