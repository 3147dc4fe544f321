package secret

import (
	"crypto/hmac"
	"crypto/sha256"
)

// MAC returns the HMAC-SHA-256 of the concatenated parts (RFC 2104). There is no separator, so all parts except the last must
// have a fixed length; otherwise two messages can have the same MAC. Compare MACs with hmac.Equal.
func (k Key) MAC(parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, k.Reveal())
	for _, part := range parts {
		mac.Write(part)
	}
	return mac.Sum(nil)
}
