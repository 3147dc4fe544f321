package token

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// maxLength limits what is parsed (OWASP ASVS 5.0 4.2.5): a browser's cookie holds 4 KiB, and our tokens need less than one.
const maxLength = 8 << 10

// header holds the fields of a token's header that are read. All others, above all jwk, jku, x5u and x5c, are ignored (RFC 8725
// section 3.10).
type header struct {
	Algorithm string `json:"alg"`
	Type      string `json:"typ"`
	KeyID     string `json:"kid"`
	// Critical is refused in any form: no extension is supported. So is b64, which changes what is signed (RFC 7797).
	Critical json.RawMessage `json:"crit"`
	Base64   json.RawMessage `json:"b64"`
}

// readHeader accepts one form only, before any library gets the text: three parts of base64url, without padding, white space,
// JSON serialization or encryption (RFC 7515 section 7.1).
func readHeader(text string) (header, bool) {
	if len(text) > maxLength || strings.Count(text, ".") != 2 {
		return header{}, false
	}
	for i := range len(text) {
		if !isCompact(text[i]) {
			return header{}, false
		}
	}
	first, rest, _ := strings.Cut(text, ".")
	second, third, _ := strings.Cut(rest, ".")
	if first == "" || second == "" || third == "" {
		return header{}, false
	}
	// Strict: the unused bits of the last character must be zero, or a token would have several spellings.
	raw, err := base64.RawURLEncoding.Strict().DecodeString(first)
	if err != nil {
		return header{}, false
	}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(second); err != nil {
		return header{}, false
	}
	if _, err := base64.RawURLEncoding.Strict().DecodeString(third); err != nil {
		return header{}, false
	}
	var h header
	if err := json.Unmarshal(raw, &h); err != nil {
		return header{}, false
	}
	return h, true
}

func isCompact(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' || c == '-' || c == '_' || c == '.'
}
