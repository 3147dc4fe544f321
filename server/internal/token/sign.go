package token

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/lestrrat-go/jwx/v2/jws"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func (i *Issuer) sign(typ string, expiresAt time.Time, claims any) (Signed, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return Signed{}, fmt.Errorf("encode claims: %w", err)
	}
	headers := jws.NewHeaders()
	for name, value := range map[string]string{jws.TypeKey: typ, jws.KeyIDKey: i.current.id} {
		if err := headers.Set(name, value); err != nil {
			return Signed{}, fmt.Errorf("set header %s: %w", name, err)
		}
	}
	text, err := jws.Sign(payload, jws.WithKey(i.current.algorithm, i.current.private, jws.WithProtectedHeaders(headers)))
	if err != nil {
		return Signed{}, fmt.Errorf("sign: %w", err)
	}
	// The token tells whole seconds, so the caller is told the same.
	return Signed{Text: secret.NewText(string(text)), ExpiresAt: expiresAt.Truncate(time.Second)}, nil
}

// verify gives the payload of a token of this kind whose signature is good.
func (i *Issuer) verify(typ, text string) ([]byte, error) {
	h, ok := readHeader(text)
	if !ok || h.Type != typ || len(h.Critical) > 0 {
		return nil, ErrInvalid
	}
	// An unknown key is refused by a look into a map: it never causes work.
	k, ok := i.keys[h.KeyID]
	// The algorithm is the key's, never the token's choice (RFC 8725 section 3.1).
	if !ok || h.Algorithm != k.algorithm.String() {
		return nil, ErrInvalid
	}
	payload, err := jws.Verify([]byte(text), jws.WithKey(k.algorithm, k.private.Public()))
	if err != nil {
		return nil, ErrInvalid
	}
	return payload, nil
}
