package contact

import (
	"strings"
	"unicode"
)

// maxDialled is the longest that can be dialled for one number: a five-digit
// prefix for calls abroad, fifteen digits, and a 0 that does not belong there.
// Two Korean mobile numbers in a row are longer.
const maxDialled = 5 + 15 + 1

// scanPhone returns the digits of a spelling, with a leading plus sign if it has one, or the rule for the first character that is
// not part of a number. The number library gets nothing else: it would search any text for a number, translate letters and drop
// extensions.
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
			// Dropped too: address books put direction marks around a copied number, and digits alone cannot be disguised.
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

// isPhonePunctuation reports whether users write a character between digits: spaces, dashes of any length, dots and brackets. The
// slash and the tilde are not included, because they also join two numbers.
func isPhonePunctuation(r rune) bool {
	switch r {
	case '〜', '〰': // Unicode calls them dashes, but they mean "to"
		return false
	case '.', '·', '・', '･', '(', ')', '[', ']':
		return true
	case '\u2212', 'ー', '\u2043': // minus, the long-vowel mark, hyphen bullet
		return true
	}
	return isBlank(r) || unicode.Is(unicode.Pd, r)
}

// strayRule returns the rule for the most likely meaning of a character that is not part of a number. rest is the text from that
// character on.
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
