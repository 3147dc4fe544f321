package secret

import (
	"crypto/hmac"
	"crypto/sha256"
)

// MAC returns the HMAC-SHA-256 of the parts, one after the other (RFC 2104). Nothing separates them, so all parts but the last
// need a fixed length; otherwise two messages have the same MAC. Compare a MAC with hmac.Equal.
func (k Key) MAC(parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, k.Reveal())
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
