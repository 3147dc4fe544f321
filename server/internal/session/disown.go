package session

import (
	"context"
	"crypto/hmac"
	"encoding/base64"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const disownPurpose = "links that disown a session, HMAC-SHA-256, v1"

// macSize is 128 bits: nobody guesses that many (NIST SP 800-107 section 5.3.3).
const macSize = 16

// Disowning derives the secrets of links by which the owner of an account ends a session that is not theirs, without
// signing in. A secret is good for as long as its session lives, and for nothing else. It is derived, so that it stands
// nowhere but in the message. There is a long one, which says by itself whose it is, and a short one, which is looked up.
type Disowning struct{ key, short, shortHash secret.Key }

// NewDisowning makes a Disowning.
func NewDisowning(master secret.Master) Disowning {
	return Disowning{key: master.Key(disownPurpose), short: master.Key(shortPurpose), shortHash: master.Key(shortHashPurpose)}
}

// Secret gives the secret of a session's link: 43 characters of base64url.
func (d Disowning) Secret(session id.Session) secret.Text {
	return secret.NewText(base64.RawURLEncoding.EncodeToString(append(session[:], d.mac(session)...)))
}

// Read gives the session that a secret belongs to; not ok means that it is none of ours.
func (d Disowning) Read(text secret.Text) (session id.Session, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text.Reveal())
	if err != nil || len(raw) != len(session)+macSize {
		return id.Session{}, false
	}
	copy(session[:], raw)
	if !hmac.Equal(raw[len(session):], d.mac(session)) {
		return id.Session{}, false
	}
	return session, true
}

func (d Disowning) mac(session id.Session) []byte { return d.key.MAC(session[:])[:macSize] }

// OwnerOf tells whose a session is, while it lives.
func (s *Service) OwnerOf(ctx context.Context, session id.Session) (user id.User, ok bool, err error) {
	owner, err := s.q.FindSessionOwner(ctx, s.db, uuid.UUID(session))
	if db.NotFound(err) {
		return id.User{}, false, nil
	}
	if err != nil {
		return id.User{}, false, fmt.Errorf("find the owner of a session: %w", err)
	}
	return id.User(owner), true, nil
}
