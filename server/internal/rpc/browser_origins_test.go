package rpc_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const originRefused = latchkeyv1.Reason_REASON_ORIGIN_REFUSED

// Whatever a page on another site tries, with any protocol and method: nothing is done, nothing is revealed, no cookie changes.
func TestCK03_CK06_APageElsewhereCanDoNothing(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.At("https://latchkey.test"), latchkeytest.With(none))
	browser := signedIn(env, "ada@example.com")
	env.Clock.Advance(day + time.Minute)
	attacker := env.Person("mallory@example.com")
	attacker.SignsUp()
	env.AwaitJobs()
	before, cookies := env.Rows(tables...), browser.Jar.Line()

	for _, page := range []string{"https://evil.example", "https://other.latchkey.test", "null", "http://latchkey.test", "https://latchkey.test:8443"} {
		browser.Page = page
		for name, protocol := range protocols {
			browser.Speaks(clientFor(env, protocol.http2), protocol.options...)
			// Signing the victim in to an account of the attacker's, or out of their own.
			browser.SignsInFails(attacker, originRefused)
			browser.SignsOutFails(originRefused)
			browser.SeesProfileFails(originRefused)
			if _, err := browser.Auth.Refresh(t.Context(), &latchkeyv1.RefreshRequest{}); latchkeytest.Detail(err).GetReason() != originRefused {
				t.Errorf("%s, %s: Refresh answers %v", page, name, err)
			}
			setsNothing(t, browser.Last().Header)
		}
		for name, method := range methods() {
			if method.IsStreamingServer() {
				continue // it takes no call of this kind
			}
			got := post(t, env, procedure(method), jsonType, []byte(goodRequest(t, method, nil).String()), headersOf(browser)...)
			got.refused(t, http.StatusForbidden, originRefused, "")
			setsNothing(t, got.Header)
			for key := range got.Header {
				if strings.HasPrefix(key, "Access-Control-") {
					t.Errorf("%s lets %s read %s", name, page, key)
				}
			}
		}
	}

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused calls have left something behind (-before +after):\n%s", diff)
	}
	if browser.Jar.Line() != cookies {
		t.Error("the browser holds other cookies than before")
	}

	// The same, from a page that is listed.
	browser.Page = "https://app.example.org"
	browser.SeesProfile()
	browser.Renews()
	browser.SignsOut()
	browser.SignsIn(attacker)
	browser.SeesProfile()
}

// simple are the content types that a page may send elsewhere without asking (Fetch standard, section 2.2.2).
var simple = []string{
	"", "text/plain", "text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "multipart/form-data; boundary=zqx",
	"text/plain; application/json", "application/x-www-form-urlencoded; charset=application/json",
}

// A page needs no permission for these, and they bring the cookies along.
func TestCK03_CK04_FormsAndLinksDoNothing(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	browser := signedIn(env, "ada@example.com")
	env.AwaitJobs()
	before := env.Rows(tables...)

	formsDoNothing(t, env, browser)
	linksDoNothing(t, env, browser)

	if diff := cmp.Diff(before, env.Rows(tables...)); diff != "" {
		t.Errorf("refused calls have left something behind (-before +after):\n%s", diff)
	}
	if got := get(t, env, getProfile, "json", []byte(`{}`), headersOf(browser)...); got.Status != http.StatusOK {
		t.Errorf("the page's own GET answers %d %s", got.Status, got.Body)
	}
}

func formsDoNothing(t *testing.T, env *latchkeytest.Env, browser *latchkeytest.Browser) {
	t.Helper()
	form := slices.DeleteFunc(headersOf(browser), func(h header) bool { return h.name == "Latchkey-Session" })

	for name, method := range methods() {
		body := []byte(goodRequest(t, method, nil).String())
		for _, contentType := range simple {
			// Refused with the header as well as without.
			for _, headers := range [][]header{form, headersOf(browser)} {
				got := post(t, env, procedure(method), contentType, body, headers...)
				got.refused(t, http.StatusUnsupportedMediaType, invalid, "request.content_type")
				setsNothing(t, got.Header)
			}
		}
		if !needsSession(method) {
			continue
		}
		// And if a browser were talked into another content type, the cookies alone are worth nothing.
		if got := reasonOf(t, env, method, string(body), form...); got != missing {
			t.Errorf("%s lets cookies in: %s", name, got)
		}
	}
}

func linksDoNothing(t *testing.T, env *latchkeytest.Env, browser *latchkeytest.Browser) {
	t.Helper()
	link := slices.DeleteFunc(headersOf(browser), func(h header) bool { return h.name == "Latchkey-Session" })

	for _, method := range methods() {
		if sideEffectFree(method) {
			continue
		}
		for _, headers := range [][]header{link, headersOf(browser)} {
			got := get(t, env, procedure(method), "json", []byte(goodRequest(t, method, nil).String()), headers...)
			got.refused(t, http.StatusMethodNotAllowed, invalid, "request.method")
			setsNothing(t, got.Header)
		}
	}
	get(t, env, getProfile, "json", []byte(`{}`), link...).refused(t, http.StatusUnauthorized, missing, "")
}
