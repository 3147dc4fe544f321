package session

import (
	"context"
	"encoding/base32"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Like reportPurpose, these are inputs of the key derivation.
const (
	shortPurpose     = "short links that disown a session, HMAC-SHA-256, v1"
	shortHashPurpose = "hashes of short links that disown a session, HMAC-SHA-256, v1"
)

// shortSize is 80 bits, all that an SMS has room for. Attempts have a budget for each network, since a short secret is looked
// up: with a million valid secrets and a million attempts a day, the first hit is expected after three billion years.
const shortSize = 10

// Users may type a link from an SMS, so the alphabet is lower case and omits 0 and 1.
var shortEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ShortSecret returns the short secret of a session: 16 letters and digits. It becomes valid when StoreShortLink is called for the
// session, and stays valid while the session is alive.
func (d ReportLinks) ShortSecret(session id.Session) secret.Text {
	return secret.NewText(shortEncoding.EncodeToString(d.short.MAC(session[:])[:shortSize]))
}

// IsShort reports whether a text has the form of a short secret, in upper or lower case.
func (d ReportLinks) IsShort(text secret.Text) bool {
	_, ok := shortHash(d, text)
	return ok
}

// WellFormed reports whether a text has the form of a secret, long or short. A truncated secret does not.
func (d ReportLinks) WellFormed(text secret.Text) bool {
	_, long := d.Read(text)
	return long || d.IsShort(text)
}

func shortHash(d ReportLinks, text secret.Text) ([]byte, bool) {
	raw, err := shortEncoding.DecodeString(strings.ToLower(text.Reveal()))
	// The decoder ignores line breaks.
	if err != nil || len(raw) != shortSize || len(text.Reveal()) != shortEncoding.EncodedLen(shortSize) {
		return nil, false
	}
	return d.shortHash.MAC(raw), true
}

// StoreShortLink stores a hash of a session's short secret, by which FindByShortLink finds the session.
func (s *Service) StoreShortLink(ctx context.Context, tx db.Tx, d ReportLinks, session id.Session) error {
	hash, _ := shortHash(d, d.ShortSecret(session))
	if err := s.q.StoreReportHash(ctx, tx, dbsqlc.StoreReportHashParams{ID: uuid.UUID(session), DisownHash: hash}); err != nil {
		return fmt.Errorf("store the hash of a short link: %w", err)
	}
	return nil
}

// FindByShortLink returns the session of a short secret. It returns false if the secret is unknown or the session has ended. The
// caller has charged the attempt.
func (s *Service) FindByShortLink(ctx context.Context, d ReportLinks, text secret.Text) (session id.Session, ok bool, err error) {
	hash, ok := shortHash(d, text)
	if !ok {
		return id.Session{}, false, nil
	}
	found, err := s.q.FindSessionByReportHash(ctx, s.db, hash)
	if db.NotFound(err) {
		return id.Session{}, false, nil
	}
	if err != nil {
		return id.Session{}, false, fmt.Errorf("find a session by a short link: %w", err)
	}
	return id.Session(found), true, nil
}
