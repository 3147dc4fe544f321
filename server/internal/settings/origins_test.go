package settings_test

import (
	"strings"
	"testing"
)

// Origins that browsers send, and others that nothing would ever match.
var origins = map[string]struct{ good, bad []string }{
	"names": {
		good: []string{"https://app.example.com", "http://localhost", "https://xn--bcher-kva.example", "https://my_app.example.com", "https://1.example"},
		bad: []string{
			"app.example.com", "//app.example.com", "https://", "https://App.example.com", "https://bücher.example", "https://app.example.com.",
			"https://app..example.com", "https://.example.com", "https://app example.com", "https://app%2eexample.com",
		},
	},
	"stars":   {bad: []string{"*", "https://*", "https://*.example.com", "https://app.example.com:*"}},
	"schemes": {bad: []string{"null", "file://", "ftp://example.com", "HTTPS://app.example.com", "chrome-extension://abc", "https:app.example.com"}},
	"more than an origin": {bad: []string{
		"https://app.example.com/", "https://app.example.com/page", "https://app.example.com?a", "https://app.example.com#a",
		"https://user@app.example.com", "https://app.example.com,https://app.example.com/",
	}},
	"ports": {
		good: []string{"http://localhost:5173", "https://app.example.com:8443", "https://app.example.com:80", "http://app.example.com:443"},
		bad: []string{
			"https://app.example.com:443", "http://localhost:80", "https://app.example.com:", "https://app.example.com:08443",
			"https://app.example.com:0", "https://app.example.com:65536", "https://app.example.com:https", "https://app.example.com:-1",
		},
	},
	"addresses": {
		good: []string{"http://127.0.0.1:3000", "http://[::1]:3000", "https://[2001:db8::1]"},
		bad: []string{
			"http://127.1", "http://127.0.0.1.", "http://127.0.0.01", "http://256.0.0.1", "http://[0:0:0:0:0:0:0:1]", "http://[::1", "http://::1",
			"http://[fe80::1%25eth0]", "http://[2001:DB8::1]", "http://[127.0.0.1]",
		},
	},
	"lists": {
		good: []string{"", "https://a.example,https://b.example", "https://a.example , http://a.example"},
		bad:  []string{"https://a.example,,https://b.example", "https://a.example,", ",", "https://a.example,https://a.example", "https://a.example https://b.example"},
	},
}

func TestCK05_OriginsAreWhatBrowsersSend(t *testing.T) {
	t.Parallel()

	const name = "LATCHKEY_ALLOWED_ORIGINS"
	for about, c := range origins {
		for _, value := range c.good {
			if found := parse(t, []string{name + "=" + value}).problems(); len(found) > 0 {
				t.Errorf("%s: %q: %q", about, value, found)
			}
		}
		for _, value := range c.bad {
			if len(parse(t, []string{name + "=" + value}).about(name)) == 0 {
				t.Errorf("%s: %q is no problem", about, value)
			}
		}
	}
}

func TestCK05_AllWrongOriginsAreReportedTogether(t *testing.T) {
	t.Parallel()

	wrong := []string{"*", "null", "https://a.example/", "https://B.example", "https://c.example:443", ""}
	found := parse(t, []string{"LATCHKEY_ALLOWED_ORIGINS=https://good.example," + strings.Join(wrong, ",")}).about("LATCHKEY_ALLOWED_ORIGINS")
	if len(found) != len(wrong) {
		t.Fatalf("of %d wrong ones, these are reported: %q", len(wrong), found)
	}
	for i, origin := range wrong {
		if !strings.Contains(found[i], `"`+origin+`"`) {
			t.Errorf("%q does not name %q", found[i], origin)
		}
	}
}

// What a browser would not take, or what would open nothing, is not worth starting with.
func TestCK02_NoneNeedsTLSAndAPageElsewhere(t *testing.T) {
	t.Parallel()

	const tls, page = "LATCHKEY_PUBLIC_URL=https://accounts.example.com", "LATCHKEY_ALLOWED_ORIGINS=https://app.example.org"
	for name, c := range map[string]struct {
		environ  []string
		problems int
	}{
		"both":          {[]string{tls, page}, 0},
		"no page":       {[]string{tls}, 1},
		"no TLS":        {[]string{"LATCHKEY_PUBLIC_URL=http://accounts.example.com", page}, 1},
		"no public URL": {[]string{page}, 1},
		"neither":       {nil, 2},
	} {
		found := parse(t, append(c.environ, "LATCHKEY_COOKIE_SAMESITE=none")).problems()
		if len(found) != c.problems || c.problems > 0 && !strings.HasPrefix(found[0], "LATCHKEY_COOKIE_SAMESITE: ") {
			t.Errorf("%s: %q", name, found)
		}
	}
}
