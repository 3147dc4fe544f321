package account

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// nicknameKey is the form that nicknames are compared in: two that differ only in case, in how Unicode writes the same
// character, or in an invisible character, are one (Unicode Standard Annex 15 and section 3.13, "toNFKC_Casefold"). The
// contract's rules leave invisible characters in emoji alone: in a nickname of an emoji, and in its variation.
func nicknameKey(nickname string) string {
	visible := strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			return -1
		}
		return r
	}, nickname)
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(visible)))
}
