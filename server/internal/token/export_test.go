package token

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rand"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// SigningKey gives the ES256 key that signs, so that tests can sign what the server never would.
func (i *Issuer) SigningKey() (kid string, private *ecdsa.PrivateKey) {
	k := i.ring.Load().signing(i.clock())
	return k.id, k.private.(*ecdsa.PrivateKey)
}

// RingKey is a key of the ring with its private half.
type RingKey struct {
	ID        string
	Algorithm Algorithm
	Private   crypto.Signer
	// From is when it began to sign.
	From time.Time
}

// Clock stands still in the key's time to sign.
func (k RingKey) Clock() db.Clock { return func() time.Time { return k.From } }

// Now tells the issuer's time.
func (i *Issuer) Now() time.Time { return i.clock() }

// Ring gives all keys, in the order in which they sign.
func (i *Issuer) Ring() (keys []RingKey) {
	for _, t := range i.ring.Load().turns {
		keys = append(keys, RingKey{ID: t.key.id, Algorithm: t.key.algorithm, Private: t.key.private, From: t.from})
	}
	return keys
}

// WithClock gives the same issuer under another clock, with its own cache.
func (i *Issuer) WithClock(clock db.Clock) *Issuer {
	other := &Issuer{cfg: i.cfg, clock: clock, keys: i.keys, cache: newCache()}
	other.ring.Store(i.ring.Load())
	return other
}

// SignatureChecks tells how many signatures were checked so far.
func (i *Issuer) SignatureChecks() int64 { return i.signatureChecks.Load() }

// Remembered tells how many tokens are cached.
func (i *Issuer) Remembered() int {
	i.cache.tokens.CleanUp()
	return i.cache.tokens.EstimatedSize()
}

// MaxRemembered is how many there are at most.
const MaxRemembered = maxCached

// ReadNewAccess reads a token as if it were not cached.
func (i *Issuer) ReadNewAccess(text string) (Access, error) {
	return i.readNewAccess(fingerprintOf(text), text)
}

// RememberMany remembers tokens that never were.
func (i *Issuer) RememberMany(n int) {
	for range n {
		var name fingerprint
		_, _ = rand.Read(name[:])
		i.cache.tokens.Set(name, cached{
			access: Access{Role: "trainee", AMR: []string{"pwd"}}, key: i.ring.Load().turns[0].key,
		})
	}
}

// NoteIssuer does what Run does every ten minutes.
func (i *Issuer) NoteIssuer(ctx context.Context) error { return i.noteIssuer(ctx, issuerLasts) }
