package rpc_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestCK08_CookiesOfOthers(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(t *testing.T, env *latchkeytest.Env){
		"of two cookies none counts": ofTwoCookiesNoneCounts,
		"many other cookies":         amongOtherCookies,
		"cookies in pieces":          cookiesInPieces,
	})
}

// Without TLS, another server on the host can set a cookie next to ours. Then the server cannot tell which one is genuine.
func ofTwoCookiesNoneCounts(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	ada, bob := signedIn(env, "ada@example.com"), signedIn(env, "bob@example.com")
	mode := header{"Latchkey-Session", "cookie"}
	cookie := func(b *latchkeytest.Browser, name string) string { return name + "=" + b.Jar.Value(name) }

	for name, headers := range map[string][]header{
		"two people":                  {{"Cookie", cookie(ada, accessCookie) + "; " + cookie(bob, accessCookie)}},
		"the other way round":         {{"Cookie", cookie(bob, accessCookie) + "; " + cookie(ada, accessCookie)}},
		"in two headers":              {{"Cookie", cookie(ada, accessCookie)}, {"Cookie", cookie(bob, accessCookie)}},
		"twice the same":              {{"Cookie", cookie(ada, accessCookie) + "; " + cookie(ada, accessCookie)}},
		"and junk":                    {{"Cookie", cookie(ada, accessCookie) + "; " + accessCookie + "=zqx"}},
		"and an empty one":            {{"Cookie", cookie(ada, accessCookie) + "; " + accessCookie + "="}},
		"two to renew by":             {{"Cookie", cookie(ada, refreshCookie) + "; " + cookie(bob, refreshCookie)}},
		"one good, two to renew by":   {{"Cookie", cookie(ada, accessCookie) + "; " + cookie(ada, refreshCookie) + "; " + cookie(bob, refreshCookie)}},
		"one to renew by, two access": {{"Cookie", cookie(ada, refreshCookie) + "; " + cookie(ada, accessCookie) + "; " + cookie(bob, accessCookie)}},
	} {
		t.Log(name)
		for _, path := range []string{getProfile, refreshPath, updateProfile} {
			got := post(t, env, path, jsonType, []byte(`{}`), append(headers, mode)...)
			got.refused(t, http.StatusUnauthorized, bad, "")
			setsNothing(t, got.Header)
		}
		// Methods that need no token ignore them: otherwise no user could sign in any more.
		if got := post(t, env, getSettings, jsonType, []byte(`{}`), append(headers, mode)...); got.Status != http.StatusOK {
			t.Errorf("GetSettings answers %d %s", got.Status, got.Body)
		}
		got := post(t, env, signIn, jsonType, []byte(`{"email":"ada@example.com","password":"`+latchkeytest.Password+`"}`), append(headers, mode)...)
		if got.Status != http.StatusOK || !setsTokens(got.Header) {
			t.Errorf("SignIn answers %d %s", got.Status, got.Body)
		}
	}
	// One token of each: the one that is good says who calls, alone.
	mixed := post(t, env, getProfile, jsonType, []byte(`{}`), mode, header{"Cookie", cookie(ada, accessCookie) + "; " + cookie(bob, refreshCookie)})
	if body := string(mixed.Body); mixed.Status != http.StatusOK || !strings.Contains(body, "ada@") || strings.Contains(body, "bob") {
		t.Errorf("got %d %s", mixed.Status, mixed.Body)
	}
}

// Other programs on the host set cookies too, and some of them many.
func amongOtherCookies(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	browser := signedIn(env, "grace@example.com")
	ours, mode := browser.Jar.Line(), header{"Latchkey-Session", "cookie"}

	for name, line := range map[string]string{
		"hundreds":        strings.Repeat("a=b; ", 1000) + ours,
		"hundreds behind": ours + strings.Repeat("; a=b", 1000),
		"a long one":      "a=" + strings.Repeat("b", 16<<10) + "; " + ours,
		"unreadable":      `a; =b; "c"="d"; é=ü; {"json":true}; ` + ours,
		"nearly ours":     "x" + accessCookie + "=zqx; " + accessCookie + "x=zqx; " + strings.ToUpper(accessCookie) + "=zqx; " + ours,
		"no blanks":       strings.ReplaceAll(ours, "; ", ";"),
		"blanks":          "  " + strings.ReplaceAll(ours, "; ", " ;   ") + " ; ",
	} {
		if got := post(t, env, getProfile, jsonType, []byte(`{}`), mode, header{"Cookie", line}); got.Status != http.StatusOK {
			t.Errorf("%s: got %d %s", name, got.Status, got.Body)
		}
	}
	// More than the parser looks at (CVE-2025-58186): as good as none.
	thousands := post(t, env, getProfile, jsonType, []byte(`{}`), mode, header{"Cookie", strings.Repeat("a=b;", 5000) + ours})
	thousands.refused(t, http.StatusUnauthorized, missing, "")
	setsNothing(t, thousands.Header)
	// And more than a header may have.
	if got := post(t, env, getProfile, jsonType, []byte(`{}`), mode, header{"Cookie", strings.Repeat("a=b;", 20_000) + ours}); got.Status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %d %s", got.Status, got.Body)
	}
	browser.SeesProfile()
}

// HTTP/2 lets a browser send each cookie as a header of its own (RFC 9113 section 8.2.3).
func cookiesInPieces(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	browser := signedIn(env, "emmy@example.com")
	for _, client := range []*http.Client{env.HTTP, env.HTTP2()} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, env.URL+getProfile, strings.NewReader(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		request.Header = http.Header{"Content-Type": {jsonType}, "Latchkey-Session": {"cookie"}, "Cookie": strings.Split(browser.Jar.Line(), "; ")}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		if got := read(t, response); got.Status != http.StatusOK {
			t.Errorf("%s: got %d %s", response.Proto, got.Status, got.Body)
		}
	}
}
