package contact

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/rangetable"
)

// isBroken reports whether a text is not UTF-8 (ContainsRune finds such bytes as RuneError) or contains U+FFFD. Decoders put
// U+FFFD in place of broken bytes and lone surrogates, so two different inputs would become the same.
func isBroken(s string) bool { return strings.ContainsRune(s, utf8.RuneError) }

// foldWidth maps a full-width ASCII character (U+FF01 to U+FF5E, which Korean and Japanese keyboards write in wide mode) to its
// ordinary form. It does what NFKC does for that block, and nothing else, so that no other look-alike is mapped.
func foldWidth(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFEE0
	}
	return r
}

// isControl reports whether a character is a C0, DEL or C1 control, or one of the two Unicode separators that some software
// treats as line breaks.
func isControl(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
}

// isInvisible reports whether a character is invisible or changes the direction of text: format characters (zero width, bidi,
// tags), variation selectors, the Hangul fillers and similar, and blank characters that Unicode does not class as spaces. The
// rule email.invisible of the contract has the same list.
func isInvisible(r rune) bool {
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point, blanks) ||
		r >= 0xE0000 && r <= 0xE0FFF // all ignorable, also the unassigned ones
}

// blanks are the empty Braille cell, the object replacement character, the Brahmi number joiner, the blanks of Egyptian
// hieroglyphs, the Khitan filler, and the null note head.
var blanks = rangetable.New('\u2800', '\uFFFC', '\U0001107F', '\U00013441', '\U00013442', '\U00016FE4', '\U0001D159')

// isBlank reports whether a character is the ordinary space, or a wide, narrow or no-break space.
func isBlank(r rune) bool { return unicode.Is(unicode.Zs, r) }
