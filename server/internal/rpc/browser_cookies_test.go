package rpc_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// cookieLine is a Set-Cookie header, read by the letter.
type cookieLine struct {
	Name, Value string
	Attributes  map[string]string
}

func readSetCookie(t testing.TB, line string) cookieLine {
	t.Helper()
	parts := strings.Split(line, "; ")
	name, value, ok := strings.Cut(parts[0], "=")
	c := cookieLine{name, value, map[string]string{}}
	for _, attribute := range parts[1:] {
		key, value, _ := strings.Cut(attribute, "=")
		if _, twice := c.Attributes[key]; twice || strings.TrimSpace(key) != key {
			ok = false
		}
		c.Attributes[key] = value
	}
	if !ok {
		t.Errorf("a cookie is set that browsers cannot read: %s", line)
	}
	return c
}

func none(s *settings.Settings) {
	s.Calls.SameSite, s.Calls.AllowedOrigins = rpc.SameSiteNone, []string{"https://app.example.org"}
}

// Every attribute, in every set-up: none is missing, and none is unexpected.
func TestCK01_CK02_CookiesHaveExactlyTheseAttributes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		publicURL  string
		options    []latchkeytest.Option
		prefix     string
		attributes map[string]string
	}{
		"https": {
			publicURL: "https://latchkey.test", prefix: "__Host-",
			attributes: map[string]string{"Path": "/", "HttpOnly": "", "Secure": "", "SameSite": "Lax"},
		},
		"https, for a page on another site": {
			publicURL: "https://latchkey.test", options: []latchkeytest.Option{latchkeytest.With(none)}, prefix: "__Host-",
			attributes: map[string]string{"Path": "/", "HttpOnly": "", "Secure": "", "SameSite": "None"},
		},
		"http": {
			publicURL:  "http://latchkey.test",
			attributes: map[string]string{"Path": "/", "HttpOnly": "", "SameSite": "Lax"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t, append(c.options, latchkeytest.At(c.publicURL))...)
			browser := signedIn(env, "ada@example.com")
			given := browser.Last().Header.Values("Set-Cookie")
			browser.SeesProfile()
			browser.SignsOut()
			cleared := browser.Last().Header.Values("Set-Cookie")

			for i, cookie := range []struct{ name, maxAge string }{{accessCookie, "86400"}, {refreshCookie, "604800"}} {
				want := cookieLine{Name: c.prefix + cookie.name, Attributes: map[string]string{"Max-Age": "0"}}
				for key, value := range c.attributes {
					want.Attributes[key] = value
				}
				// Taken away under the same name and with the same attributes, or a browser would keep it.
				if diff := cmp.Diff(want, readSetCookie(t, cleared[i])); diff != "" {
					t.Errorf("signing out (-want +got):\n%s", diff)
				}
				got := readSetCookie(t, given[i])
				if size := len(got.Name) + len(got.Value); size >= 4096 || len(got.Value) < 100 {
					t.Errorf("name and value have %d bytes", size)
				}
				want.Value, want.Attributes["Max-Age"] = got.Value, cookie.maxAge
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("signing up (-want +got):\n%s", diff)
				}
			}
			if cookies := browser.Jar.Line(); cookies != "" {
				t.Errorf("signed out, the browser holds %s", cookies)
			}
			if c.prefix != "" {
				onlyTheHostsOwnCookieCounts(t, env)
			}
		})
	}
}

// A cookie with another name is not ours, even if only the prefix is missing: any server on the host could have set it.
func onlyTheHostsOwnCookieCounts(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	browser := env.Browser()
	browser.SignsIn(env.Person("ada@example.com"))
	access, refresh := browser.Jar.Value(accessCookie), browser.Jar.Value(refreshCookie)

	for _, prefix := range []string{"", "__Secure-", "__host-", "__Host-__Host-", "__HOST-", "$"} {
		tossed := env.Browser()
		tossed.Jar.Put(prefix+accessCookie, access)
		tossed.Jar.Put(prefix+refreshCookie, refresh)
		tossed.SeesProfileFails(missing)
	}
	browser.SeesProfile()
}

// Browsers send the cookies of a host to all its ports.
func TestCK08_TwoServersOnOneHostKeepApart(t *testing.T) {
	t.Parallel()
	one := latchkeytest.New(t, latchkeytest.At("http://localhost:8080"))
	two := latchkeytest.New(t, latchkeytest.At("http://localhost:8081"))
	first := signedIn(one, "ada@example.com")
	second := two.Browser()
	second.Jar = first.Jar
	second.SeesProfileFails(missing)
	if line := first.Jar.Line(); !strings.HasPrefix(line, accessCookie+"-8080=") || !strings.Contains(line, "; "+refreshCookie+"-8080=") {
		t.Errorf("the browser holds %s", line)
	}

	second.SignsUp(two.Person("bob@example.com"))

	if a, b := first.SeesProfile().GetEmail(), second.SeesProfile().GetEmail(); a != "ada@example.com" || b != "bob@example.com" {
		t.Errorf("one server sees %s, the other %s", a, b)
	}
	second.SignsOut()
	first.SeesProfile()
}
