package password

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// No password is longer than this, whatever the policy. NIST SP 800-63B-4 §3.1.1.2
// asks for at least 64; twice that is generous, and the bound keeps the cheap work before
// the hash cheap. 512 bytes are 128 of the widest code points, so for valid text
// the first limit is the one that counts.
const (
	maxCodePoints = 128
	maxBytes      = 4 * maxCodePoints
)

// maxRawBytes bounds what is normalised at all. Composing can shorten a text to a third (a
// Hangul syllable sent as three jamo takes nine bytes instead of three), so the raw text
// gets more room than the result.
const maxRawBytes = 4 * maxBytes

var (
	// ErrTooLong means that the password exceeds 128 code points, or the bytes that
	// the configured algorithm takes ([Hasher.MaxBytes]).
	ErrTooLong = errors.New("password: too long")
	// ErrNUL means that the password contains a NUL, at which C implementations of bcrypt stop
	// reading. It is refused under argon2id too, so that the setting can be changed later.
	ErrNUL = errors.New("password: contains a NUL")
)

// normalize returns the NFC form that is measured and hashed, or false if the password
// is too long for any hash. Its cost is bounded for input of any length.
//
// NFC and not NFKC, though NIST allows both: it changes nothing that a person can see,
// and it is what String.prototype.normalize does by default.
func normalize(password string) (string, bool) {
	if len(password) > maxRawBytes {
		return "", false
	}
	p := norm.NFC.String(password)
	return p, len(p) <= maxBytes && utf8.RuneCountInString(p) <= maxCodePoints
}

// accepts says whether Hash takes the normalised password.
func (h *Hasher) accepts(p string) error {
	if len(p) > h.MaxBytes() {
		return ErrTooLong
	}
	if strings.IndexByte(p, 0) >= 0 {
		return ErrNUL
	}
	return nil
}
