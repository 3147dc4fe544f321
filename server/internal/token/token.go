// Package token signs and verifies two kinds of token: the access token (RFC 9068, typ at+jwt) of calls, and the refresh token,
// which only Refresh accepts. Neither is accepted in place of the other.
//
// No other package imports jwx. Before jwx gets a token, this package checks its form, its kind and that its key is known. Claims
// are read from the verified payload only. Every claim is required except gen, which is omitted if zero.
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
	// ErrInvalid means that the text is not a token of the wanted kind from this server.
	ErrInvalid = errors.New("token: invalid")
	// ErrExpired means that this server issued the token, and that it has expired.
	ErrExpired = errors.New("token: expired")
)

// The kinds, in the typ header (RFC 8725 section 3.11).
const (
	accessType  = "at+jwt"
	refreshType = "rt+jwt"
)

// The audiences differ too, so that a verifier that does not check the kind still refuses a refresh token.
const (
	accessAudience  = "latchkey"
	refreshAudience = "latchkey-refresh"
)

// Config configures tokens and their keys.
type Config struct {
	// Issuer is the server's public origin.
	Issuer string `kong:"-"`
	// FormerIssuers are earlier values of Issuer. Their tokens are accepted.
	FormerIssuers []string `name:"former-issuers" placeholder:"ORIGIN" help:"Former public URLs, whose tokens are still accepted."`
	// AccessTTL is the longest lifetime of an access token, and RefreshTTL that of a refresh token. A key is kept for the longer
	// of the two after it has last signed.
	AccessTTL  time.Duration `name:"access-token-ttl" default:"24h" placeholder:"DURATION" help:"How long an access token is valid."`
	RefreshTTL time.Duration `kong:"-"`
	// Master is the secret from which the key that encrypts the keys is derived.
	Master secret.Master `kong:"-"`
	// Algorithm is the algorithm of new keys; ES256 if empty.
	Algorithm Algorithm `name:"token-algorithm" default:"ES256" placeholder:"ALGORITHM" help:"How new keys sign tokens: ES256, EdDSA or RS256."`
	// KeyMaxAge is how long a key signs until the next one is created; forever if zero.
	KeyMaxAge time.Duration `name:"key-max-age" default:"2160h" placeholder:"DURATION" help:"How long a key signs tokens until the next one takes over."`
	// Log gets a line for keys that are created and removed; there is none if it is nil.
	Log *slog.Logger `kong:"-"`
}

// Issuer signs and verifies tokens. Its methods may be called from many goroutines. Only Reload, and Run, which calls it, access
// the database. Signing and verifying do not, and never wait for a lock.
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
	// signatureChecks counts the expensive part of verifying.
	signatureChecks atomic.Int64
}

// NewIssuer reads the keys from the database. It creates the first key if there is none, and the next one if it is due or the
// newest has another algorithm. It returns ErrWrongMasterSecret if they cannot be decrypted. It logs a warning if a server on the
// same database uses another issuer.
func NewIssuer(ctx context.Context, d *db.DB, cfg Config) (*Issuer, error) {
	keys := NewKeys(d, cfg)
	i := &Issuer{cfg: keys.cfg, clock: d.Clock, keys: keys, cache: newCache(), uptime: db.StartStopwatch()}
	if err := i.load(ctx, true); err != nil {
		return nil, err
	}
	return i, i.noteIssuer(ctx, issuerTokensLast)
}

// Signed is a token with its expiry.
type Signed struct {
	Text      secret.Text
	ExpiresAt time.Time
}

// Access holds the claims of an access token.
type Access struct {
	User    id.User
	Session id.Session
	Role    string
	// AMR is how the user authenticated (RFC 8176), and AuthenticatedAt when. Renewing a session changes neither.
	AMR             []string
	AuthenticatedAt time.Time
	// Generation is the session's generation: ending all sessions of a user starts the next one. The first is zero.
	Generation int32
	// ExpiresAt is set by ReadAccess.
	ExpiresAt time.Time
}

// Refresh holds the claims of a refresh token.
type Refresh struct {
	User    id.User
	Session id.Session
	// Counter is the number of this token within its session.
	Counter int32
	// IssuedAt is the current time if it is not set.
	IssuedAt time.Time
	// ExpiresAt is when the session expires unless it is renewed.
	ExpiresAt time.Time
}
