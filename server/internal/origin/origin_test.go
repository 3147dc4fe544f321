package origin_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/origin"
)

// Origins that browsers send, and others that would match none of them.
var origins = map[string]struct{ good, bad []string }{
	"names": {
		good: []string{"https://app.example.com", "http://localhost", "https://xn--bcher-kva.example", "https://my_app.example.com", "https://1.example"},
		bad: []string{
			"", "app.example.com", "//app.example.com", "https://", "https://App.example.com", "https://bücher.example", "https://app.example.com.",
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
}

func TestCK05_OriginsAreWhatBrowsersSend(t *testing.T) {
	t.Parallel()

	for about, c := range origins {
		for _, text := range c.good {
			if !origin.Valid(text) {
				t.Errorf("%s: %q is refused", about, text)
			}
		}
		for _, text := range c.bad {
			if origin.Valid(text) {
				t.Errorf("%s: %q is accepted", about, text)
			}
		}
	}
}
