package token

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func (i *Issuer) sign(typ string, now, expiresAt time.Time, claims any) (Signed, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return Signed{}, fmt.Errorf("encode claims: %w", err)
	}
	k := i.ring.Load().signing(now)
	headers := jws.NewHeaders()
	for name, value := range map[string]string{jws.TypeKey: typ, jws.KeyIDKey: k.id} {
		if err := headers.Set(name, value); err != nil {
			return Signed{}, fmt.Errorf("set header %s: %w", name, err)
		}
	}
	text, err := jws.Sign(payload, jws.WithKey(k.algorithm.jwa(), k.private, jws.WithProtectedHeaders(headers)))
	if err != nil {
		return Signed{}, fmt.Errorf("sign: %w", err)
	}
	// The token tells whole seconds, so the caller is told the same.
	return Signed{Text: secret.NewText(string(text)), ExpiresAt: expiresAt.Truncate(time.Second)}, nil
}

// verify gives the payload of a token of this kind whose signature is good, and the key that signed it.
func (i *Issuer) verify(typ, text string) ([]byte, *key, error) {
	h, ok := readHeader(text)
	if !ok || h.Type != typ || len(h.Critical) > 0 {
		return nil, nil, ErrInvalid
	}
	// An unknown key is refused by a look into a map: it never causes work.
	k, ok := i.ring.Load().keys[h.KeyID]
	// The algorithm is the key's, never the token's choice (RFC 8725 section 3.1).
	if !ok || h.Algorithm != string(k.algorithm) {
		return nil, nil, ErrInvalid
	}
	i.signatureChecks.Add(1)
	payload, err := jws.Verify([]byte(text), jws.WithKey(k.algorithm.jwa(), k.private.Public()))
	if err != nil {
		return nil, nil, ErrInvalid
	}
	return payload, k, nil
}
