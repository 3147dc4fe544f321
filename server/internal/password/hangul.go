package password

import "strings"

// The keys of each letter on the standard Korean keyboard (Dubeolsik, KS X 5002), in the
// order in which Unicode composes syllables (The Unicode Standard §3.12). Double
// consonants are the shifted key; everything is lower case here because only folded text
// is compared.
var (
	hangulInitials = strings.Fields("r r s e e f a q q t t d w w c z x v g")
	hangulMedials  = strings.Fields("k o i o j p u p h hk ho hl y n nj np nl b m ml l")
	hangulFinals   = append([]string{""}, strings.Fields("r r rt s sw sg e f fr fa fq ft fx fv fg a q qt t t d w c z x v g")...)
)

const (
	firstSyllable = '가'
	lastSyllable  = '힣'
)

// keystrokes returns the Latin letters that appear when the text is typed on a Korean keyboard in Latin mode: a popular way to
// make a password from a Korean word ("안녕" becomes "dkssud"). Text without Hangul is returned unchanged.
func keystrokes(text string) string {
	var keys strings.Builder
	for _, r := range text {
		if r < firstSyllable || r > lastSyllable {
			keys.WriteRune(r)
			continue
		}
		s := int(r - firstSyllable)
		keys.WriteString(hangulInitials[s/(len(hangulMedials)*len(hangulFinals))])
		keys.WriteString(hangulMedials[s/len(hangulFinals)%len(hangulMedials)])
		keys.WriteString(hangulFinals[s%len(hangulFinals)])
	}
	return keys.String()
}
