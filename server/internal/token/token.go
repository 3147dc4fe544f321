// Package token makes and reads the two kinds of token: the access token (RFC 9068, typ at+jwt) that calls carry, and the
// refresh token that only Refresh takes. Neither passes as the other.
//
// It is the only package that imports jwx. Nothing reaches jwx before it has the one accepted shape, the expected kind and
// a known key; and the claims are read from the verified payload alone. Every one of them is required, but for gen, which is
// left out while it is zero.
package token

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
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

// Config says what tokens look like, and how their keys are kept.
type Config struct {
	// Issuer is the server's public origin.
	Issuer string `kong:"-"`
	// FormerIssuers are earlier values of Issuer. Their tokens are accepted.
	FormerIssuers []string `name:"former-issuers" placeholder:"ORIGIN" help:"Former public URLs, whose tokens are still accepted."`
	// AccessTTL is how long an access token lives at most, and RefreshTTL a refresh token. A key is kept for the longer of
	// the two after it has signed for the last time.
	AccessTTL  time.Duration `name:"access-token-ttl" default:"24h" placeholder:"DURATION" help:"How long an access token lives."`
	RefreshTTL time.Duration `kong:"-"`
	// Master encrypts the keys.
	Master secret.Master `kong:"-"`
	// Algorithm is the one of new keys; ES256 when empty.
	Algorithm Algorithm `name:"token-algorithm" default:"ES256" placeholder:"ALGORITHM" help:"How new keys sign tokens: ES256, EdDSA or RS256."`
	// KeyMaxAge is how long a key signs until the next one is made; without end when zero.
	KeyMaxAge time.Duration `name:"key-max-age" default:"2160h" placeholder:"DURATION" help:"How long a key signs tokens until the next one takes over."`
	// Log hears of keys that are made and removed; nobody does when it is nil.
	Log *slog.Logger `kong:"-"`
}

// Issuer makes and reads tokens. Its methods may be called from many goroutines. Only Reload, and Run that calls it, touch
// the database; reading and making tokens neither does nor waits for a lock.
type Issuer struct {
	cfg   Config
	clock db.Clock
	keys  *Keys
	cache tokenCache
	// ring is replaced as a whole.
	ring    atomic.Pointer[ring]
	loading sync.Mutex
	uptime  db.Stopwatch
	// loadedAt is when the ring was last loaded, in nanoseconds of uptime.
	loadedAt atomic.Int64
	// signatureChecks counts the expensive part of reading.
	signatureChecks atomic.Int64
}

// NewIssuer reads the keys from the database. It makes the first key when there is none, and the next one when it is time
// for it or the newest is of another algorithm. It returns ErrWrongMasterSecret when they cannot be decrypted. It warns of a
// server on the same database that makes tokens as another issuer.
func NewIssuer(ctx context.Context, d *db.DB, cfg Config) (*Issuer, error) {
	keys := NewKeys(d, cfg)
	i := &Issuer{cfg: keys.cfg, clock: d.Clock, keys: keys, cache: newCache(), uptime: db.StartStopwatch()}
	if err := i.load(ctx, true); err != nil {
		return nil, err
	}
	return i, i.noteIssuer(ctx, issuerTokensLast)
}

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
	// Generation is the session's: ending all sessions of a user starts the next one. It is zero until that happens first.
	Generation int32
	// ExpiresAt is set by ReadAccess.
	ExpiresAt time.Time
}

// Refresh is what a refresh token says.
type Refresh struct {
	User    id.User
	Session id.Session
	// Counter is the number of this token within its session.
	Counter int32
	// IssuedAt is the present when it is not set.
	IssuedAt time.Time
	// ExpiresAt is when the session ends unless it is renewed before.
	ExpiresAt time.Time
}
