package rpc

import (
	"net/http"
	"strings"
	"testing"
)

func TestX12_TheLanguageOfACall(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ page, browser, fallback, want string }{
		{"", "", "en", "en"},
		{"", "", "ko", "ko"},
		{"ko", "en-US,en;q=0.9", "en", "ko"},
		{"en", "ko-KR,ko;q=0.9", "ko", "en"},
		{"ko-KR", "", "en", "ko"},
		{"", "ko-KR,ko;q=0.9,en;q=0.8", "en", "ko"},
		{"", "en-GB", "ko", "en"},
		// A language that no message is written in says nothing.
		{"", "fr-FR,de;q=0.5", "ko", "ko"},
		{"", "fr-FR,en;q=0.5", "ko", "en"},
		{"fr", "ko", "en", "ko"},
		{"", "*", "ko", "ko"},
		// Nor does one that cannot be read.
		{"ko\x00", "", "en", "en"},
		{"한국어", "ko", "en", "ko"},
		{"", ";;;", "ko", "ko"},
		{"", strings.Repeat("en,", 200), "ko", "ko"},
		{strings.Repeat("x", 300), "ko", "en", "ko"},
	} {
		header := http.Header{}
		if tc.page != "" {
			header.Set(LocaleHeader, tc.page)
		}
		if tc.browser != "" {
			header.Set("Accept-Language", tc.browser)
		}
		if got := LocaleOf(header, tc.fallback); got != tc.want {
			t.Errorf("%+v: got %s", tc, got)
		}
	}
}
