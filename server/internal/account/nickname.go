package account

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// nicknameKey returns the form in which nicknames are compared. Two nicknames are the same if they differ only in case, in how
// Unicode encodes a character, or in invisible characters (Unicode Standard Annex 15 and section 3.13, "toNFKC_Casefold"). The
// contract's rules allow invisible characters in emoji alone.
func nicknameKey(nickname string) string {
	visible := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, nickname)
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(visible)))
}
