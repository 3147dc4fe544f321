package contact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/rangetable"
)

// isBroken is true for text that is not UTF-8 (ContainsRune finds such bytes as
// RuneError) and for U+FFFD itself: decoders in front of us leave it in place of
// broken bytes and lone surrogates, and two different inputs would meet in it.
func isBroken(s string) bool { return strings.ContainsRune(s, utf8.RuneError) }

// foldWidth turns a full-width ASCII character (U+FF01 to U+FF5E, what a Korean
// or Japanese keyboard writes in wide mode) into its ordinary form. It does what
// NFKC does for that block and nothing else, so no other look-alike slips in.
func foldWidth(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFEE0
	}
	return r
}

// isControl is true for C0, DEL and C1 controls and for the two Unicode
// separators that some software treats as line breaks.
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
}

// isInvisible reports whether a character shows nothing or steers the direction of
// text: format characters (zero width, bidi, tags), variation selectors, the
// Hangul fillers and the like, and characters that Unicode calls blank without
// calling them spaces. The rule email.invisible of the contract has the same list.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point, blanks) ||
		r >= 0xE0000 && r <= 0xE0FFF // all ignorable, the unassigned among them too
}

// blanks are the empty Braille cell, the object replacement character, the Brahmi number joiner, the blanks of Egyptian
// hieroglyphs, the Khitan filler, and the null note head.
var blanks = rangetable.New('\u2800', '\uFFFC', '\U0001107F', '\U00013441', '\U00013442', '\U00016FE4', '\U0001D159')

// isBlank is true for the ordinary space and all its wide, narrow and
// no-break relatives.
func isBlank(r rune) bool { return unicode.Is(unicode.Zs, r) }
