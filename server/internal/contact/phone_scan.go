package contact

import (
	"strings"
	"unicode"
)

// maxDialled is the longest that can be dialled for one number: a five-digit
// prefix for calls abroad, fifteen digits, and a 0 that does not belong there.
// Two Korean mobile numbers in a row are longer.
const maxDialled = 5 + 15 + 1

// scanPhone reduces a spelling to its digits, with a plus sign in front if there
// was one, or names the first thing in it that does not belong to a number. The
// number library is never shown anything else: on its own it would search for a
// number in any text, translate letters and drop extensions.
func scanPhone(s string) (dialled, rule string) {
	if isBroken(s) {
		return "", RulePhoneEncoding
	}
	s = strings.Trim(s, " \t")
	var b strings.Builder
	for i, r := range s {
		r = foldWidth(r)
		switch {
		case '0' <= r && r <= '9':
			b.WriteRune(r)
		case r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case isPhonePunctuation(r):
			// dropped
		case isControl(r):
			return "", RulePhoneControl
		case isInvisible(r):
			// Dropped too: address books put direction marks around a number
			// that is copied, and digits alone leave nothing to disguise.
		default:
			return "", strayRule(r, s[i:], b.Len() > 0)
		}
	}
	dialled = b.String()
	switch digits := len(strings.TrimPrefix(dialled, "+")); {
	case digits == 0:
		return "", RulePhoneEmpty
	case digits > maxDialled:
		return "", RulePhoneTooLong
	}
	return dialled, ""
}

// isPhonePunctuation is true for what people put between digits: blanks, dashes
// of any length, dots and brackets. The slash and the tilde are not among them,
// because they also join two numbers.
func isPhonePunctuation(r rune) bool {
	switch r {
	case '〜', '〰': // dashes to Unicode, but they mean "to"
		return false
	case '.', '·', '・', '･', '(', ')', '[', ']':
		return true
	case '\u2212', 'ー', '\u2043': // minus, the long-vowel mark, hyphen bullet
		return true
	}
	return isBlank(r) || unicode.Is(unicode.Pd, r)
}

// strayRule names what a character that is no part of a number most likely is.
// rest is the text from it on.
func strayRule(r rune, rest string, afterDigits bool) string {
	rest = strings.ToLower(rest)
	begins := func(marks ...string) bool {
		for _, mark := range marks {
			if strings.HasPrefix(rest, mark) {
				return true
			}
		}
		return false
	}
	switch {
	case begins("tel:", "sms:", ":", ";phone-context="):
		return RulePhoneURI
	case begins("#", ";ext="), afterDigits && begins("x", "ext", "내선"):
		return RulePhoneExtension
	case strings.ContainsRune("+,;/&|~、〜", r):
		return RulePhoneList
	case unicode.IsLetter(r):
		return RulePhoneLetters
	}
	return RulePhoneSymbol
}
