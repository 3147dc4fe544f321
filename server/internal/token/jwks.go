package token

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"

	"github.com/lestrrat-go/jwx/v2/jwk"
)

// KeySet is the public keys of the ring as a JWK Set (RFC 7517 section 5).
type KeySet struct {
	// JSON holds, for each key, its kty, the public numbers (crv and x, y; or n and e), kid, alg and use: sig.
	JSON []byte
	// ETag is the entity tag (RFC 9110 section 8.8.3), including the quotes.
	ETag string
}

// KeySet returns the keys that tokens may name, including the next one, which does not sign yet. The JSON is shared: do not
// modify it.
func (i *Issuer) KeySet() KeySet { return i.ring.Load().jwks }

func publish(turns []turn) (KeySet, error) {
	set := jwk.NewSet()
	for _, t := range turns {
		// From the public half, so that no private key can be published.
		public, err := jwk.FromRaw(t.key.private.Public())
		if err != nil {
			return KeySet{}, fmt.Errorf("publish signing key %s: %w", t.key.id, err)
		}
		for name, value := range map[string]any{
			jwk.KeyIDKey: t.key.id, jwk.AlgorithmKey: t.key.algorithm.jwa(), jwk.KeyUsageKey: jwk.ForSignature,
		} {
			if err := public.Set(name, value); err != nil {
				return KeySet{}, fmt.Errorf("publish signing key %s: %w", t.key.id, err)
			}
		}
		if err := set.AddKey(public); err != nil {
			return KeySet{}, fmt.Errorf("publish signing key %s: %w", t.key.id, err)
		}
	}
	text, err := json.Marshal(set)
	if err != nil {
		return KeySet{}, fmt.Errorf("encode the key set: %w", err)
	}
	sum := sha256.Sum256(text)
	return KeySet{JSON: text, ETag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`}, nil
}
