package password

import "fmt"

// The names of the policies, as used in settings.
const (
	classicName = "classic"
	modernName  = "modern"
)

// modernMinLength is 8 and not the 15 that NIST SP 800-63B-4 §3.1.1.2 requires of a password as the only factor; DESIGN.md
// section 6 decides so.
const modernMinLength = 8

// A Policy decides which passwords may be chosen. It is a value: comparable, free to
// copy. Use [Classic], [Modern] or [ParsePolicy]; the zero Policy refuses everything.
//
// A form evaluates the same rules with these expressions (flag u) over p = input.normalize():
//
//	length             [...p].length                              code points, not UTF-16 units
//	bytes              new TextEncoder().encode(p).length
//	letter             /\p{L}/u                                   Hangul is letters, too
//	upper-case letter  /\p{Lu}/u                                  of any script that has case
//	digit              /\p{Nd}/u
//	special character  /[\p{P}\p{S}]/u                            punctuation and symbols, emoji included
//	control character  /[\p{Cc}\p{Cs}]/u                          \p{Cs}: half a surrogate pair
//
// A space is none of these: it is allowed anywhere, kept, and counts for length only.
// Go and a browser may know different versions of Unicode; they then differ on characters
// younger than the older of the two, nowhere else.
type Policy struct {
	name                        string
	minLength, maxLength        int
	maxBytes                    int
	letter, upper, digit, punct bool
	refuseGuessable             bool
}

// Classic is 8 to 15 characters with a letter, an upper-case letter, a digit and a
// special character. Fifteen code points are at most 60 bytes, so bcrypt takes them all.
func Classic() Policy {
	return Policy{
		name: classicName, minLength: 8, maxLength: 15, maxBytes: maxBytes,
		letter: true, upper: true, digit: true, punct: true,
	}
}

// Modern allows 8 to 128 characters of any kind, and refuses passwords that attackers guess first: common ones, and those made of
// the user's own identifiers or the name of the service.
func Modern() Policy {
	return Policy{
		name: modernName, minLength: modernMinLength, maxLength: maxCodePoints, maxBytes: maxBytes,
		refuseGuessable: true,
	}
}

// ParsePolicy returns the policy with a name.
func ParsePolicy(name string) (Policy, error) {
	switch name {
	case classicName:
		return Classic(), nil
	case modernName:
		return Modern(), nil
	default:
		return Policy{}, fmt.Errorf("password policy %q is not one of %s, %s", name, classicName, modernName)
	}
}

// WithMaxBytes returns the policy with a limit of n bytes, if that is stricter. It is for [Hasher.MaxBytes]: for bcrypt, a
// password of 128 characters may have too many bytes, and the form should report this before the hasher does.
func (p Policy) WithMaxBytes(n int) Policy {
	p.maxBytes = min(p.maxBytes, n)
	return p
}

// Name returns the policy's name in settings.
func (p Policy) Name() string { return p.name }

// MinLength returns the minimum number of code points.
func (p Policy) MinLength() int { return p.minLength }

// MaxLength returns the maximum number of code points.
func (p Policy) MaxLength() int { return p.maxLength }

// MaxBytes returns the maximum number of bytes in UTF-8. Without [Policy.WithMaxBytes] it is four times 128, which no password
// within MaxLength exceeds.
func (p Policy) MaxBytes() int { return p.maxBytes }

// RequireLetter reports whether a letter is required.
func (p Policy) RequireLetter() bool { return p.letter }

// RequireUpper reports whether an upper-case letter is required.
func (p Policy) RequireUpper() bool { return p.upper }

// RequireDigit reports whether a digit is required.
func (p Policy) RequireDigit() bool { return p.digit }

// RequireSpecial reports whether a special character is required.
func (p Policy) RequireSpecial() bool { return p.punct }

// RefuseGuessable reports whether common passwords and the user's own identifiers are refused. Only the server can check this.
func (p Policy) RefuseGuessable() bool { return p.refuseGuessable }
