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

// reportPurpose is an input of the key derivation. Another text would invalidate the links that were sent.
const reportPurpose = "links that disown a session, HMAC-SHA-256, v1"

// macSize is 128 bits, too many to guess (NIST SP 800-107 section 5.3.3).
const macSize = 16

// ReportLinks derives the secrets of the links in notices about sign-ins. By such a link the owner of an account ends a session
// that is not theirs, without signing in. A secret is valid for one session, while that session is alive. It is derived, so that
// no copy of it is stored. A long secret contains the id of its session; a short one, for SMS, is looked up by its hash.
type ReportLinks struct{ key, short, shortHash secret.Key }

// NewReportLinks returns a ReportLinks with keys derived from the master secret.
func NewReportLinks(master secret.Master) ReportLinks {
	return ReportLinks{key: master.Key(reportPurpose), short: master.Key(shortPurpose), shortHash: master.Key(shortHashPurpose)}
}

// Secret returns the long secret of a session: 43 characters of base64url.
func (d ReportLinks) Secret(session id.Session) secret.Text {
	return secret.NewText(base64.RawURLEncoding.EncodeToString(append(session[:], d.mac(session)...)))
}

// Read returns the session that a long secret contains. It returns false if the secret was not made with our key.
func (d ReportLinks) Read(text secret.Text) (session id.Session, ok bool) {
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

func (d ReportLinks) mac(session id.Session) []byte { return d.key.MAC(session[:])[:macSize] }

// OwnerOf returns the user of a session. It returns false if the session has ended.
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
