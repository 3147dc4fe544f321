package token

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// maxLength bounds what is parsed at all (OWASP ASVS 5.0 4.2.5): a browser's cookie holds 4 KiB, and ours need under one.
const maxLength = 8 << 10

// header is what we read of a token's header. Everything else in it, jwk, jku, x5u and x5c above all, is never looked at
// (RFC 8725 section 3.10).
type header struct {
	Algorithm string `json:"alg"`
	Type      string `json:"typ"`
	KeyID     string `json:"kid"`
	// Critical is refused in any form: there is no extension that we understand. So is b64, which changes what is signed
	// (RFC 7797).
	Critical json.RawMessage `json:"crit"`
	Base64   json.RawMessage `json:"b64"`
}

// readHeader accepts one shape only, before any library sees the text: three parts of base64url, no padding, no white
// space, no JSON serialisation, no encryption (RFC 7515 section 7.1).
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
	// Strict: the spare bits of the last character must be zero, or a token would have several spellings.
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
