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

const (
	shortPurpose     = "short links that disown a session, HMAC-SHA-256, v1"
	shortHashPurpose = "hashes of short links that disown a session, HMAC-SHA-256, v1"
)

// shortSize is 80 bits, all that an SMS has room for. Unlike the long secret, a short one is looked up, and whoever tries
// some has a budget: at a million living ones and a million tries a day, somebody hits one in three billion years.
const shortSize = 10

// Lower case alone, and neither 0 nor 1: a link in an SMS may be typed.
var shortEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ShortSecret gives the secret of a session's short link: 16 letters and digits. It is good once KeepShort has been called
// for the session, and for as long as the session lives.
func (d Disowning) ShortSecret(session id.Session) secret.Text {
	return secret.NewText(shortEncoding.EncodeToString(d.short.MAC(session[:])[:shortSize]))
}

// IsShort tells whether a text has the form of a short secret, in any case of its letters.
func (d Disowning) IsShort(text secret.Text) bool {
	_, ok := shortHash(d, text)
	return ok
}

// Form tells whether a text can be the secret of a link, long or short. One that was cut on its way can be none.
func (d Disowning) Form(text secret.Text) bool {
	_, long := d.Read(text)
	return long || d.IsShort(text)
}

func shortHash(d Disowning, text secret.Text) ([]byte, bool) {
	raw, err := shortEncoding.DecodeString(strings.ToLower(text.Reveal()))
	// The decoder passes over line breaks.
	if err != nil || len(raw) != shortSize || len(text.Reveal()) != shortEncoding.EncodedLen(shortSize) {
		return nil, false
	}
	return d.shortHash.MAC(raw), true
}

// KeepShort lets a session be found by its short secret, of which only a hash is kept.
func (s *Service) KeepShort(ctx context.Context, tx db.Tx, d Disowning, session id.Session) error {
	hash, _ := shortHash(d, d.ShortSecret(session))
	if err := s.q.KeepDisownHash(ctx, tx, dbsqlc.KeepDisownHashParams{ID: uuid.UUID(session), DisownHash: hash}); err != nil {
		return fmt.Errorf("keep the hash of a short link: %w", err)
	}
	return nil
}

// FindShort gives the session that a short secret belongs to; not ok means that there is none, or none any more. The caller
// has charged whoever asks.
func (s *Service) FindShort(ctx context.Context, d Disowning, text secret.Text) (session id.Session, ok bool, err error) {
	hash, ok := shortHash(d, text)
	if !ok {
		return id.Session{}, false, nil
	}
	found, err := s.q.FindSessionByDisownHash(ctx, s.db, hash)
	if db.NotFound(err) {
		return id.Session{}, false, nil
	}
	if err != nil {
		return id.Session{}, false, fmt.Errorf("find a session by a short link: %w", err)
	}
	return id.Session(found), true, nil
}
