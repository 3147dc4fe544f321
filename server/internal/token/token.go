// Package token makes and reads the two kinds of token: the access token (RFC 9068, typ at+jwt) that calls carry, and the
// refresh token that only Refresh takes. Neither passes as the other.
//
// It is the only package that imports jwx. Nothing reaches jwx before it has the one accepted shape, the expected kind and
// a known key; and the claims are read from the verified payload alone, every one of them required.
package token

import (
	"context"
	"errors"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

var (
	// ErrInvalid means that the text is no token of the wanted kind that this server made.
	ErrInvalid = errors.New("token: invalid")
	// ErrExpired means that this server made it, and that its time is over.
	ErrExpired = errors.New("token: expired")
)

// The kinds, as the typ header tells them (RFC 8725 section 3.11).
const (
	accessType  = "at+jwt"
	refreshType = "rt+jwt"
)

// Audiences differ as well, so that a verifier that forgets the kind still refuses a refresh token.
const (
	accessAudience  = "latchkey"
	refreshAudience = "latchkey-refresh"
)

// Config says what tokens look like.
type Config struct {
	// Issuer is the server's public origin.
	Issuer string
	// AccessTTL is how long an access token lives.
	AccessTTL time.Duration
	// Master encrypts the keys.
	Master secret.Master
}

// Issuer makes and reads tokens. Its methods may be called from many goroutines and never touch the database.
type Issuer struct {
	cfg   Config
	clock db.Clock
	// keys holds the ring by key id; current signs.
	keys    map[string]key
	current key
}

// NewIssuer reads the keys from the database and makes the first one when there is none. It returns
// ErrWrongMasterSecret when they cannot be decrypted.
func NewIssuer(ctx context.Context, d *db.DB, cfg Config) (*Issuer, error) {
	keys, err := loadKeys(ctx, d, cfg.Master)
	if err != nil {
		return nil, err
	}
	i := &Issuer{cfg: cfg, clock: d.Clock, keys: make(map[string]key, len(keys)), current: keys[0]}
	for _, k := range keys {
		i.keys[k.id] = k
	}
	return i, nil
}

// AccessTTL is how long an access token lives at most.
func (i *Issuer) AccessTTL() time.Duration { return i.cfg.AccessTTL }

// Signed is a token, and when it ends.
type Signed struct {
	Text      secret.Text
	ExpiresAt time.Time
}

// Access is what an access token says.
type Access struct {
	User    id.User
	Session id.Session
	Role    string
	// AMR names how the user proved who they are (RFC 8176), and AuthenticatedAt when; renewing a session changes neither.
	AMR             []string
	AuthenticatedAt time.Time
	// ExpiresAt is set by ReadAccess.
	ExpiresAt time.Time
}

// Refresh is what a refresh token says.
type Refresh struct {
	User    id.User
	Session id.Session
	// Counter is the number of this token within its session.
	Counter int32
	// IssuedAt is when the session came to this counter; the present when zero. ReadRefresh does not set it.
	IssuedAt time.Time
	// ExpiresAt is when the session ends unless it is renewed before.
	ExpiresAt time.Time
}
