package password

import (
	"slices"
	"strings"
)

// known holds the words and keyboard walks from which passwords are commonly built.
type known struct {
	words trie
	// steps holds every three consecutive keys of a walk, in both directions. Text is a walk while each three characters are in
	// here.
	steps map[[stepKeys]rune]bool
}

// stepKeys is how many consecutive keys count as a walk, and how many equal characters count as a run.
const stepKeys = 3

// readVocabulary parses the two data files. They hold words and walks separated by white space; lines that begin with # are
// comments. A Hangul word also stands for the keys that type it.
func readVocabulary(words, walks string) known {
	k := known{words: trie{}, steps: map[[stepKeys]rune]bool{}}
	for _, w := range entries(words) {
		k.words.add(fold(w))
		k.words.add(fold(keystrokes(w)))
	}
	for _, w := range entries(walks) {
		keys := fold(w)
		k.addWalk(keys)
		slices.Reverse(keys)
		k.addWalk(keys)
	}
	return k
}

func entries(file string) []string {
	var all []string
	for line := range strings.Lines(file) {
		if !strings.HasPrefix(line, "# ") {
			all = append(all, strings.Fields(line)...)
		}
	}
	return all
}

func (k known) addWalk(keys []rune) {
	for i := range len(keys) - stepKeys + 1 {
		k.steps[[stepKeys]rune(keys[i:])] = true
	}
}

// isStep reports whether text begins with three keys of a walk.
func (k known) isStep(text []rune) bool {
	return len(text) >= stepKeys && k.steps[[stepKeys]rune(text)]
}

// trie is a set of words that finds all words at the start of a text in one pass. Nodes are numbers, 0 is the root. One flat map
// is smaller and quicker to build than a map per node.
type trie map[edge]node

type edge struct {
	from int32
	r    rune
}

type node struct {
	id  int32
	end bool // a word ends here
}

func (t trie) add(word []rune) {
	at := int32(0)
	for i, r := range word {
		e := edge{at, r}
		n, ok := t[e]
		if !ok {
			n.id = int32(len(t) + 1)
		}
		n.end = n.end || i == len(word)-1
		t[e] = n
		at = n.id
	}
}

// prefixes calls found with the length of every word that text begins with.
func (t trie) prefixes(text []rune, found func(length int)) {
	at := int32(0)
	for i, r := range text {
		n, ok := t[edge{at, r}]
		if !ok {
			return
		}
		if n.end {
			found(i + 1)
		}
		at = n.id
	}
}
