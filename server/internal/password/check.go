package password

import (
	"fmt"
	"unicode"
	"unicode/utf8"
)

// The rules that a password can violate. Clients translate and switch on them, so their meaning must never change.
const (
	RuleMinLength          = "password.min_length"
	RuleMaxLength          = "password.max_length"
	RuleMaxBytes           = "password.max_bytes"
	RuleLetter             = "password.letter"
	RuleUpper              = "password.upper"
	RuleDigit              = "password.digit"
	RuleSpecial            = "password.special"
	RuleControlCharacter   = "password.control_character"
	RuleCommon             = "password.common"
	RuleContainsIdentifier = "password.contains_identifier"
)

// Violation is a rule that a password breaks.
type Violation struct {
	Rule    string // one of the Rule constants
	Message string // English, says what to do; never contains the password
}

// Check returns every rule that the password violates, in the order of the Rule constants, or nil if it may be chosen.
//
// own is what is known about the user, in any order and spelling: e-mail addresses, phone numbers, nickname, name, and other
// obvious words, such as the product's name. Empty strings are ignored. Use the same check at sign-up, change and reset.
func (p Policy) Check(password string, own ...string) []Violation {
	var found []Violation
	violated := func(rule, format string, args ...any) {
		found = append(found, Violation{rule, fmt.Sprintf(format, args...)})
	}

	normal, ok := normalize(password)
	if !ok && len(password) > maxRawBytes {
		// The other rules do not matter then, and checking them costs time.
		violated(RuleMaxLength, "Use at most %d characters.", p.maxLength)
		return found
	}
	n, has := utf8.RuneCountInString(normal), classify(normal)
	if n < p.minLength || n == 0 {
		violated(RuleMinLength, "Use at least %d characters.", p.minLength)
	}
	if n > p.maxLength {
		violated(RuleMaxLength, "Use at most %d characters.", p.maxLength)
	}
	if len(normal) > p.maxBytes && n <= p.maxLength {
		violated(RuleMaxBytes, "This password needs more than %d bytes; use fewer characters, emoji or accents.", p.maxBytes)
	}
	if p.letter && !has.letter {
		violated(RuleLetter, "Add a letter.")
	}
	if p.upper && !has.upper {
		violated(RuleUpper, "Add an upper-case letter.")
	}
	if p.digit && !has.digit {
		violated(RuleDigit, "Add a digit.")
	}
	if p.punct && !has.special {
		violated(RuleSpecial, "Add a special character, such as ! or #.")
	}
	if has.control {
		violated(RuleControlCharacter, "Remove tabs, line breaks and other control characters.")
	}
	if !p.refuseGuessable || !ok {
		return found
	}
	if isCommon(normal) {
		violated(RuleCommon, "This password is among the first that anybody would guess; choose a less usual one.")
	}
	if containsIdentifier(normal, own) {
		violated(RuleContainsIdentifier, "Leave out your name, e-mail address, phone number and the name of this service.")
	}
	return found
}

// classes are the kinds of characters that occur. [Policy] documents the same categories as JavaScript expressions.
type classes struct{ letter, upper, digit, special, control bool }

func classify(s string) classes {
	var c classes
	for i, r := range s {
		switch {
		case unicode.IsLetter(r):
			c.letter = true
			c.upper = c.upper || unicode.Is(unicode.Lu, r)
		case unicode.Is(unicode.Nd, r):
			c.digit = true
		case unicode.IsPunct(r):
			c.special = true
		case r == utf8.RuneError && isInvalid(s[i:]):
			// Not valid text. A browser cannot send it; there, it would be half a surrogate pair.
			c.control = true
		case unicode.IsSymbol(r):
			c.special = true
		case unicode.IsControl(r):
			c.control = true
		}
	}
	return c
}

// isInvalid reports whether s begins with a byte that is not UTF-8, rather than with a real U+FFFD.
func isInvalid(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size == 1
}
