package token

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
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
	// The token has whole seconds, so the caller gets the same.
	return Signed{Text: secret.NewText(string(text)), ExpiresAt: expiresAt.Truncate(time.Second)}, nil
}

// verify returns the payload of a token of this kind with a valid signature, and the key that signed it.
func (i *Issuer) verify(typ, text string) ([]byte, *key, error) {
	h, ok := readHeader(text)
	if !ok || h.Type != typ || len(h.Critical)+len(h.Base64) > 0 {
		return nil, nil, ErrInvalid
	}
	// An unknown key is refused by a look-up in a map, and so never causes work.
	k, ok := i.ring.Load().keys[h.KeyID]
	// The algorithm is the key's, never the token's choice (RFC 8725 section 3.1).
	if !ok || h.Algorithm != string(k.algorithm) {
		return nil, nil, ErrInvalid
	}
	i.signatureChecks.Add(1)
	payload, ok := k.verified(text)
	if !ok {
		return nil, nil, ErrInvalid
	}
	return payload, k, nil
}

// verified returns the payload of a token in compact form that this key has signed. The signature is checked over the text as
// received (RFC 7515 section 5.2): jws.Verify ignores spaces around the header, so one token would have many spellings.
func (k *key) verified(text string) (payload []byte, ok bool) {
	signed := text[:strings.LastIndexByte(text, '.')]
	_, middle, _ := strings.Cut(signed, ".")
	signature, err := base64.RawURLEncoding.Strict().DecodeString(text[len(signed)+1:])
	if err != nil {
		return nil, false
	}
	verifier, err := jws.NewVerifier(k.algorithm.jwa())
	if err != nil || verifier.Verify([]byte(signed), signature, k.private.Public()) != nil {
		return nil, false
	}
	payload, err = base64.RawURLEncoding.Strict().DecodeString(middle)
	return payload, err == nil
}
