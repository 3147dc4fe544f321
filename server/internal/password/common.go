package password

import (
	_ "embed"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// What makes a password common?
//
// The usual answer is a list of leaked passwords. A list of some thousand misses most
// variations of its entries, and such lists are personal data of other people. So
// this package has the parts of such passwords: two thousand words that users build
// passwords from, and sequences of neighbouring keys, both written for this
// purpose (words.txt, walks.txt). The price of a password is that of the cheapest way to
// build it from these parts: about the base-2 logarithm of the guesses of an attacker who
// tries obvious constructions first. A password below priceLimit is common.
//
// That refuses each word and each walk, in any case, with letters replaced by look-alikes,
// repeated, with up to four digits or with a year and two signs around it, and two words
// in a row: millions of passwords, where ASVS 6.2.4 asks for 3,000. What has leaked
// somewhere it does not know; that needs a service to ask, and is not this package's task.
const (
	priceLetter = 5  // log2 26 = 4.7, after folding case
	priceOther  = 3  // log2 10 = 3.3 for digits; people reach for no more signs than that
	priceWord   = 10 // log2 of two thousand words is 11, but some are tried long before others
	priceWalk   = 7  // some thirty keys to start from, two directions, a few lengths
	priceYear   = 6  // log2 of the years in isYear
	priceRepeat = 3  // how many times over

	// Three digits in sequence or repeated are not cheaper than any three: among eight random digits, such a group is common.
	priceDigitPattern = 3 * priceOther

	// priceLimit is the price of the shortest password of the cheapest single characters. So a password without predictable parts
	// is never refused.
	priceLimit = modernMinLength * priceOther
)

// isCommon takes time proportional to the length: walks and runs are followed step by step, and at each position the trie stops
// when no word continues.
func isCommon(password string) bool {
	text := fold(password)
	if unit := period(text); unit < len(text) {
		return price(text[:unit])+priceRepeat < priceLimit
	}
	return price(text) < priceLimit
}

// price returns the lowest sum of prices into which the text can be split.
func price(text []rune) int {
	known, spellings := vocabulary(), unleet(text)
	best := make([]int, len(text)+1) // of the first i characters
	for i := range best {
		best[i] = i * priceLetter
	}
	walk, run := none, none // prices up to the end of a walk or run that may go on
	for i := range text {
		rest := text[i:]
		offer := func(length, total int) { best[i+length] = min(best[i+length], total) }

		single, pattern := best[i]+priceOther, best[i]+priceDigitPattern
		if unicode.IsLetter(rest[0]) {
			single, pattern = best[i]+priceLetter, best[i]+priceWalk
		}
		offer(1, single)
		if walk = extend(walk, pattern, known.isStep(rest)); walk < none {
			offer(stepKeys, walk)
		}
		if run = extend(run, pattern, isRun(rest)); run < none {
			offer(stepKeys, run)
		}
		if isYear(rest) {
			offer(4, best[i]+priceYear)
		}
		for _, s := range spellings {
			known.words.prefixes(s[i:], func(length int) { offer(length, best[i]+priceWord) })
		}
	}
	return best[len(text)]
}

// none is more than any price.
const none = 1 << 30

// extend returns the price of a walk or run whose last three characters are here, begun earlier or with these characters.
func extend(earlier, begun int, here bool) int {
	if !here {
		return none
	}
	return min(earlier, begun)
}

func isRun(text []rune) bool {
	return len(text) >= stepKeys && text[1] == text[0] && text[2] == text[0]
}

// fold removes what does not slow an attacker down: case, and full-width and other presentation forms.
func fold(s string) []rune {
	return []rune(strings.ToLower(norm.NFKC.String(s)))
}

// period returns the length of the shortest unit that the text repeats, possibly cut off after the second repetition: 3 for
// "abcabcab". If there is none, it is len(text).
func period(text []rune) int {
	// border[i] is the longest proper prefix of text[:i] that is also its suffix (Knuth, Morris, Pratt).
	border := make([]int, len(text)+1)
	k := 0
	for i := 1; i < len(text); i++ {
		for k > 0 && text[i] != text[k] {
			k = border[k]
		}
		if text[i] == text[k] {
			k++
		}
		border[i+1] = k
	}
	if unit := len(text) - border[len(text)]; 2*unit <= len(text) {
		return unit
	}
	return len(text)
}

// isYear reports whether text is a year from 1940 to 2039, such as a year of birth or marriage, or the current year.
func isYear(text []rune) bool {
	if len(text) < 4 || !unicode.IsDigit(text[3]) {
		return false
	}
	century, decade := string(text[:2]), text[2]
	return century == "19" && '4' <= decade && decade <= '9' || century == "20" && '0' <= decade && decade <= '3'
}

// leet maps a character to the letters that it replaces. The digit one replaces two of them, so every text has two readings.
var leet = map[rune][2]rune{
	'@': {'a', 'a'}, '4': {'a', 'a'}, '8': {'b', 'b'}, '(': {'c', 'c'}, '3': {'e', 'e'},
	'9': {'g', 'g'}, '6': {'g', 'g'}, '1': {'i', 'l'}, '!': {'i', 'l'}, '|': {'i', 'l'},
	'0': {'o', 'o'}, '5': {'s', 's'}, '$': {'s', 's'}, '7': {'t', 't'}, '+': {'t', 't'}, '2': {'z', 'z'},
}

// unleet returns the text as written and in both readings of look-alikes, all of the same length, so that positions agree.
func unleet(text []rune) [][]rune {
	a, b := make([]rune, len(text)), make([]rune, len(text))
	changed := false
	for i, r := range text {
		a[i], b[i] = r, r
		if letters, ok := leet[r]; ok {
			a[i], b[i], changed = letters[0], letters[1], true
		}
	}
	if !changed {
		return [][]rune{text}
	}
	return [][]rune{text, a, b}
}

//go:embed words.txt
var wordsFile string

//go:embed walks.txt
var walksFile string

// vocabulary is built on first use, since the start-up has other work to do.
var vocabulary = sync.OnceValue(func() known { return readVocabulary(wordsFile, walksFile) })
