package session

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestIN01_WhatAClientSaysOfItselfCanBeStored(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct{ text, want string }{
		"short":             {"curl/8", "curl/8"},
		"exact":             {strings.Repeat("a", 16), strings.Repeat("a", 16)},
		"long":              {strings.Repeat("a", 17), strings.Repeat("a", 16)},
		"within a syllable": {"aa" + strings.Repeat("가", 5), "aa" + strings.Repeat("가", 4)},
		"NUL":               {"a\x00b\x00", "ab"},
		"no UTF-8":          {"a\xff\xfeb\xc0\x80", "ab"},
		"empty":             {"", ""},
	} {
		got := sanitize(c.text, 16)
		if got != c.want || !utf8.ValidString(got) || len(got) > 16 {
			t.Errorf("%s: sanitize(%q) = %q, want %q", name, c.text, got, c.want)
		}
	}
}
