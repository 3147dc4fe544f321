package token

import (
	"crypto/ecdsa"

	"github.com/latchkey-auth/latchkey/db"
)

// SigningKey gives the key that signs, so that tests can sign what the server never would.
func (i *Issuer) SigningKey() (kid string, private *ecdsa.PrivateKey) {
	return i.current.id, i.current.private.(*ecdsa.PrivateKey)
}

// WithClock gives the same issuer under another clock.
func (i *Issuer) WithClock(clock db.Clock) *Issuer {
	other := *i
	other.clock = clock
	return &other
}
