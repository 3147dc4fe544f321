package rpc

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// lookalikes are nearly https://latchkey.test, or the trusted https://app.example.org.
var lookalikes = []string{
	"null", "https://evil.example",
	"http://latchkey.test", "https://latchkey.test:8443", "https://latchkey.test:443", "https://latchkey.test.", "https://LATCHKEY.test",
	"HTTPS://latchkey.test", "https://latchkey.test.evil.example", "https://evil-latchkey.test", "https://www.latchkey.test", "https://latchkey.tes",
	"https://latchkey.test@evil.example", "https://evil.example@latchkey.test", "https://latchkey.test/", "https://latchkey.test/evil",
	"https://latchkey.test#", "https://latchkey.test?", "//latchkey.test", "latchkey.test", "https:latchkey.test", "https://latchkey.test\t",
	"http://app.example.org", "https://app.example.org:444", "https://app.example.org.evil.example", "https://xapp.example.org",
	"https://x.app.example.org", "https://app.example.orgx", "https://APP.example.org", "https://app.example.org.", "https://app.example.org/",
	"https://a@app.example.org", "https://latchkey.test https://app.example.org", "https://app.example.org,https://evil.example", "*",
}

func TestCK03_OnlyThesePagesMayActWithCookies(t *testing.T) {
	t.Parallel()
	o := newOrigins(Cookies{Secure: true}, "https://latchkey.test", func(origin string) bool { return origin == "https://app.example.org" })
	request := func(method, site string, origin ...string) *http.Request {
		r := httptest.NewRequestWithContext(t.Context(), method, "https://latchkey.test/", nil)
		if site != "" {
			r.Header.Set("Sec-Fetch-Site", site)
		}
		r.Header["Origin"] = origin
		return r
	}

	for _, method := range []string{http.MethodPost, http.MethodGet} {
		for _, good := range []struct {
			name string
			r    *http.Request
		}{
			{"the server's own page", request(method, "same-origin", "https://latchkey.test")},
			{"the server's own page, which reads", request(method, "same-origin")},
			// With a developer's proxy, the browser sees another origin than the server.
			{"the server's own page, behind a proxy", request(method, "same-origin", "http://localhost:5173")},
			{"the person, without a page", request(method, "none")},
			{"a program", request(method, "")},
			{"an old browser with the server's own page", request(method, "", "https://latchkey.test")},
			{"an old browser with a listed page", request(method, "", "https://app.example.org")},
			{"a listed page on another site", request(method, "cross-site", "https://app.example.org")},
			{"a listed page on the same site", request(method, "same-site", "https://app.example.org")},
		} {
			if !o.allow(good.r) {
				t.Errorf("%s: %s is refused", method, good.name)
			}
		}
		for _, site := range []string{"", "cross-site", "same-site", "Same-Origin", "zqx"} {
			for _, origin := range lookalikes {
				if o.allow(request(method, site, origin)) {
					t.Errorf("%s: %q from %q may act", method, site, origin)
				}
			}
			// An attacker's page is not listed by coming with one that is.
			if o.allow(request(method, site, "https://app.example.org", "https://evil.example")) {
				t.Errorf("%s: %q with two origins may act", method, site)
			}
			if site != "" && o.allow(request(method, site)) {
				t.Errorf("%s: %q without an origin may act", method, site)
			}
		}
		twice := request(method, "same-origin", "https://evil.example")
		twice.Header.Add("Sec-Fetch-Site", "cross-site")
		if o.allow(twice) {
			t.Errorf("%s: two sites may act", method)
		}
	}
}

// Developers reach their server by several names, and old browsers say so.
func TestCK03_TheServersOwnPageUnderAnotherName(t *testing.T) {
	t.Parallel()
	o := newOrigins(Cookies{}, "http://localhost:8080", func(string) bool { return false })
	for origin, want := range map[string]bool{
		"http://127.0.0.1:8080": true, "http://127.0.0.1:8081": false, "https://127.0.0.1:8080": false, "http://localhost:8080": true,
		"http://localhost:5173": false, "null": false,
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://127.0.0.1:8080/", nil)
		r.Header.Set("Origin", origin)
		if got := o.allow(r); got != want {
			t.Errorf("%s: got %v", origin, got)
		}
	}
}
