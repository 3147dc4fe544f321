package password

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// serviceWord is refused for everybody, NIST SP 800-63B-4 §3.1.1.2 ("the name of the
// service"). A deployment under another name passes that with the user's identifiers.
const serviceWord = "latchkey"

// How long an identifier must be to count. A long one is refused wherever it stands. A
// short one would then refuse half the dictionary ("Ann" is in "planned"), so it counts
// only if too little is left of the password without it. A Hangul, kana or Han character
// says about as much as two or three Latin letters.
const (
	minLatin, longLatin = 3, 6
	minWide, longWide   = 2, 3
)

// A phone number is recognised by its last digits: what stands before them (country,
// operator) is shared by everybody and spelled in many ways.
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

// gives says whether the token gives the text away.
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

// tokens returns the parts by which an identifier is recognised in a password,
// folded and without punctuation: of an e-mail address the whole and its local part, of
// a phone number its tail, of a name the whole and each word; Hangul as typed, too.
func tokens(identifier string) []string {
	text := string(fold(identifier))
	letters := strings.IndexFunc(text, unicode.IsLetter) >= 0
	if digits := lettersAndDigits(text); !letters && len(digits) >= minPhoneDigits {
		return []string{digits[max(0, len(digits)-phoneTail):]}
	}
	found := []string{lettersAndDigits(text)}
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		text = text[:at] // the domain alone is everybody's: gmail, naver
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

// Marks belong to the letter before them; without them many scripts would fall to pieces.
func isLetterOrDigit(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

func isWide(r rune) bool {
	return unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana)
}
