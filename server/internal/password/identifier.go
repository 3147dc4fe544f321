package password

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// serviceWord is refused for all users, NIST SP 800-63B-4 §3.1.1.2 ("the name of the service"). A deployment under another name
// passes that name with the user's identifiers.
const serviceWord = "latchkey"

// How long an identifier must be to count. A long identifier is refused anywhere in the password. For a short one, this would
// refuse half the dictionary ("Ann" is in "planned"), so it counts only if too little of the password is left without it. A
// Hangul, kana or Han character counts like two or three Latin letters.
const (
	minLatin, longLatin = 3, 6
	minWide, longWide   = 2, 3
)

// A phone number is recognized by its last digits: many numbers share those before them (country, operator), which have many
// spellings.
const (
	minPhoneDigits = 7
	phoneTail      = 8
)

func containsIdentifier(password string, own []string) bool {
	plain := fold(password)
	var texts []string
	for _, spelling := range unleet(plain) {
		texts = append(texts, lettersAndDigits(string(spelling)))
	}
	for _, o := range append([]string{serviceWord}, own...) {
		for _, token := range tokens(o) {
			for _, text := range texts {
				if gives(text, token) {
					return true
				}
			}
		}
	}
	return false
}

// gives reports whether the token makes the text predictable.
func gives(text, token string) bool {
	n, least, long := utf8.RuneCountInString(token), minLatin, longLatin
	if strings.ContainsFunc(token, isWide) {
		least, long = minWide, longWide
	}
	if n < least || !strings.Contains(text, token) {
		return false
	}
	return n >= long || utf8.RuneCountInString(strings.ReplaceAll(text, token, "")) < modernMinLength
}

// tokens returns the parts by which an identifier is recognized in a password, folded and without punctuation: an e-mail address
// and its local part, the last digits of a phone number, a name and each of its words; Hangul also as typed.
func tokens(identifier string) []string {
	text := string(fold(identifier))
	letters := strings.IndexFunc(text, unicode.IsLetter) >= 0
	if digits := lettersAndDigits(text); !letters && len(digits) >= minPhoneDigits {
		return []string{digits[max(0, len(digits)-phoneTail):]}
	}
	found := []string{lettersAndDigits(text)}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		text = text[:at] // many users share the domain: gmail, naver
		base, _, _ := strings.Cut(text, "+")
		found = append(found, lettersAndDigits(text), lettersAndDigits(base))
	}
	found = append(found, strings.FieldsFunc(text, func(r rune) bool { return !isLetterOrDigit(r) })...)
	for _, f := range found {
		if typed := keystrokes(f); typed != f {
			found = append(found, typed)
		}
	}
	return found
}

func lettersAndDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if isLetterOrDigit(r) {
			return r
		}
		return -1
	}, s)
}

// Marks belong to the letter before them; without them, words of many scripts would be split.
func isLetterOrDigit(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func isWide(r rune) bool {
	return unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
