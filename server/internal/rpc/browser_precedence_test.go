package rpc_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestCK07_TheHeaderAloneDecides(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(t *testing.T, env *latchkeytest.Env){
		"whether cookies count or Authorization does": cookieAndAuthorizationTogether,
		"and has one value":                           onlyOneValueChoosesCookies,
	})
}

func cookieAndAuthorizationTogether(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	browser, bob := signedIn(env, "ada@example.com"), env.Person("bob@example.com")
	bob.SignsUp()
	const (
		ada    = "ada@example.com"
		bobs   = "bob@example.com"
		nobody = ""
	)
	cookies := func(access string) header {
		return header{"Cookie", accessCookie + "=" + access + "; " + refreshCookie + "=" + browser.Jar.Value(refreshCookie)}
	}
	good, junk := cookies(browser.Jar.Value(accessCookie)), cookies("zqx")
	mode, token, junkToken := header{"Latchkey-Session", "cookie"}, bearer(bob.Tokens.GetAccessToken()), bearer("zqx")
	evil := header{"Origin", "https://evil.example"}

	for name, c := range map[string]struct {
		headers []header
		sees    string
		reason  latchkeyv1.Reason
	}{
		"cookie mode":                                    {[]header{mode, good}, ada, 0},
		"cookie mode, with a token":                      {[]header{mode, good, token}, ada, 0},
		"cookie mode, with a junk token":                 {[]header{mode, good, junkToken}, ada, 0},
		"cookie mode, with an Authorization of a proxy":  {[]header{mode, good, {"Authorization", "Basic enF4"}}, ada, 0},
		"cookie mode, a junk cookie and a token":         {[]header{mode, junk, token}, nobody, bad},
		"cookie mode, no cookie and a token":             {[]header{mode, token}, nobody, missing},
		"token mode":                                     {[]header{token}, bobs, 0},
		"token mode, with cookies":                       {[]header{token, good}, bobs, 0},
		"token mode, with junk cookies":                  {[]header{token, junk}, bobs, 0},
		"token mode, a junk token and cookies":           {[]header{junkToken, good}, nobody, bad},
		"token mode, no token and cookies":               {[]header{good}, nobody, missing},
		"a page elsewhere, with a junk token":            {[]header{mode, good, junkToken, evil}, nobody, originRefused},
		"a page elsewhere, with a token":                 {[]header{mode, good, token, evil}, nobody, originRefused},
		"a page elsewhere, in no mode":                   {[]header{good, junkToken, evil}, nobody, bad},
		"a page elsewhere, with an empty token":          {[]header{mode, good, {"Authorization", ""}, evil}, nobody, originRefused},
		"a page elsewhere that holds a token of its own": {[]header{token, evil}, bobs, 0},
	} {
		for _, got := range []answer{
			post(t, env, getProfile, jsonType, []byte(`{}`), c.headers...),
			get(t, env, getProfile, "json", []byte(`{}`), c.headers...),
		} {
			if c.sees != nobody {
				if got.Status != http.StatusOK || !strings.Contains(string(got.Body), fmt.Sprintf(`"email":%q`, c.sees)) {
					t.Errorf("%s: got %d %s", name, got.Status, got.Body)
				}
				continue
			}
			status := http.StatusUnauthorized
			if c.reason == originRefused {
				status = http.StatusForbidden
			}
			t.Log(name)
			got.refused(t, status, c.reason, "")
			setsNothing(t, got.Header)
		}
	}
}

// Any other value of the header is an error, which every method reports.
func onlyOneValueChoosesCookies(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	browser := signedIn(env, "grace@example.com")
	cookies := header{"Cookie", browser.Jar.Line()}
	session := func(values ...string) []header {
		all := []header{cookies}
		for _, value := range values {
			all = append(all, header{"Latchkey-Session", value})
		}
		return all
	}

	for name, headers := range map[string][]header{
		"an empty one": session(""), "a token": session("token"), "the plural": session("cookies"), "a list": session("cookie, cookie"),
		"one": session("1"), "true": session("true"), "quoted": session(`"cookie"`), "twice the same": session("cookie", "cookie"),
		"two": session("cookie", "token"), "two, the other way round": session("token", "cookie"), "with a parameter": session("cookie;a=b"),
	} {
		t.Log(name)
		for _, path := range []string{getProfile, getSettings, signIn, refreshPath, signOut} {
			got := post(t, env, path, jsonType, []byte(`{}`), headers...)
			got.refused(t, http.StatusBadRequest, invalid, "request.session_mode")
			setsNothing(t, got.Header)
		}
		withToken := post(t, env, getProfile, jsonType, []byte(`{}`), append(headers, bearer(browser.Jar.Value(accessCookie)))...)
		withToken.refused(t, http.StatusBadRequest, invalid, "request.session_mode")
	}
	for _, value := range []string{"cookie", "Cookie", "COOKIE"} {
		if got := post(t, env, getProfile, jsonType, []byte(`{}`), session(value)...); got.Status != http.StatusOK {
			t.Errorf("%q: got %d %s", value, got.Status, got.Body)
		}
	}
}
