package password

import (
	"errors"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// The longest password of any policy. NIST SP 800-63B-4 §3.1.1.2 asks for at least 64 characters; this is twice as many, and
// keeps the work before the hash cheap. 512 bytes are 128 code points of the widest kind, so for valid text the first limit
// decides.
const (
	maxCodePoints = 128
	maxBytes      = 4 * maxCodePoints
)

// maxRawBytes limits what is normalized. NFC can shorten a text to a third (a Hangul syllable sent as three jamo takes nine bytes
// instead of three), so the raw text may be longer than the result.
const maxRawBytes = 4 * maxBytes

var (
	// ErrTooLong means that the password exceeds 128 code points, or the bytes that
	// the configured algorithm takes ([Hasher.MaxBytes]).
	ErrTooLong = errors.New("password: too long")
	// ErrNUL means that the password contains a NUL, at which C implementations of bcrypt stop
	// reading. It is refused under argon2id too, so that the setting can be changed later.
	ErrNUL = errors.New("password: contains a NUL")
)

// normalize returns the NFC form that is measured and hashed, or false if the password is too long for any hash. Its cost is
// bounded for input of any length.
//
// NIST allows NFC and NFKC. NFC changes nothing that users can see, and is the default of String.prototype.normalize.
func normalize(password string) (string, bool) {
	if len(password) > maxRawBytes {
		return "", false
	}
	p := norm.NFC.String(password)
	return p, len(p) <= maxBytes && utf8.RuneCountInString(p) <= maxCodePoints
}

// accepts returns an error if Hash does not accept the normalized password.
func (h *Hasher) accepts(p string) error {
	if len(p) > h.MaxBytes() {
		return ErrTooLong
	}
	if strings.IndexByte(p, 0) >= 0 {
		return ErrNUL
	}
	return nil
}
