package rpc_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	day  = 24 * time.Hour
	week = 7 * day

	accessCookie  = "latchkey-access"
	refreshCookie = "latchkey-refresh"

	refreshPath   = "/latchkey.v1.AuthService/Refresh"
	signOut       = "/latchkey.v1.AccountService/SignOut"
	updateProfile = "/latchkey.v1.AccountService/UpdateProfile"
)

// signedIn returns a browser in which a new user has just signed up.
func signedIn(env *latchkeytest.Env, email string) *latchkeytest.Browser {
	browser, person := env.Browser(), env.Person(email)
	person.Nickname = person.Nickname[:min(20, len(person.Nickname))]
	browser.SignsUp(person)
	return browser
}

// keepsAccessCookie has the browser send its access cookie for ever: its clock may be slow.
func keepsAccessCookie(b *latchkeytest.Browser) { b.Jar.Put(accessCookie, b.Jar.Value(accessCookie)) }

// headersOf returns the headers that a browser adds to a POST, for a request that no client would send.
func headersOf(b *latchkeytest.Browser) []header {
	var all []header
	for _, h := range b.Headers(http.MethodPost) {
		all = append(all, header{h[0], h[1]})
	}
	return all
}

// setsTokens reports whether a response sets new tokens.
func setsTokens(h http.Header) bool {
	set := h.Values("Set-Cookie")
	return len(set) == 2 && strings.Contains(set[0], accessCookie+"=eyJ") && strings.Contains(set[1], refreshCookie+"=eyJ")
}

// clears reports whether a response deletes both cookies.
func clears(h http.Header) bool {
	set := h.Values("Set-Cookie")
	return len(set) == 2 && strings.Contains(set[0], accessCookie+"=;") && strings.Contains(set[1], refreshCookie+"=;") &&
		strings.Contains(set[0], "Max-Age=0") && strings.Contains(set[1], "Max-Age=0")
}

// setsNothing checks that a response does not change the browser's cookies.
func setsNothing(t testing.TB, h http.Header) {
	t.Helper()
	if set := h.Values("Set-Cookie"); len(set) > 0 {
		t.Errorf("the answer sets %q", set)
	}
}
