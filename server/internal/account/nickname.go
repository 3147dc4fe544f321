package account

import (
	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// nicknameKey is the form that nicknames are compared in: two that differ only in case, or in how Unicode writes the same
// character, are one (Unicode Standard Annex 15 and section 3.13, "toNFKC_Casefold" without its removals, which the
// contract's rules have refused before).
func nicknameKey(nickname string) string {
	return norm.NFKC.String(cases.Fold().String(norm.NFKC.String(nickname)))
}
