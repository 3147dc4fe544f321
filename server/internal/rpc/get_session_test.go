package rpc_test

import (
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const getSession = "/latchkey.v1.AuthService/GetSession"

// asksWho calls GetSession, and expects no error.
func asksWho(t *testing.T, b *latchkeytest.Browser) *latchkeyv1.GetSessionResponse {
	t.Helper()
	answer, err := b.Auth.GetSession(t.Context(), &latchkeyv1.GetSessionRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func seesNobody(t *testing.T, answer *latchkeyv1.GetSessionResponse) {
	t.Helper()
	if answer.GetEmpty() == nil || answer.GetUser() != nil || answer.GetExpiresAt() != nil {
		t.Errorf("the answer is %v", answer)
	}
}

func TestAPageAsksWhoIsSignedInWithoutGettingAnError(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	browser := env.Browser()
	seesNobody(t, asksWho(t, browser))
	setsNothing(t, browser.Last().Header)
	if body := string(browser.Last().Body); browser.Last().Status != http.StatusOK || body != `{"empty":{}}` {
		t.Errorf("without a user, the response is %d %s", browser.Last().Status, body)
	}

	ada := env.Person("ada@example.com")
	browser.SignsUp(ada)
	answer := asksWho(t, browser)
	if answer.GetUser().GetEmail() != "ada@example.com" || !answer.GetExpiresAt().AsTime().Equal(env.Clock.Now().Add(week)) {
		t.Errorf("the answer is %v", answer)
	}
	setsNothing(t, browser.Last().Header)

	// A day later, the access cookie has expired: the session is renewed within the call.
	env.Clock.Advance(day + time.Minute)
	answer = asksWho(t, browser)
	if answer.GetUser().GetEmail() != "ada@example.com" || !answer.GetExpiresAt().AsTime().Equal(env.Clock.Now().Add(week)) {
		t.Errorf("after a renewal the answer is %v", answer)
	}
	if !setsTokens(browser.Last().Header) {
		t.Errorf("the answer sets %q", browser.Last().Header.Values("Set-Cookie"))
	}
}

// Cookies that are worth nothing are no error, and stay: another tab may be replacing them.
func TestAnEndedSessionSignsNoUserIn(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	for name, end := range map[string]func(b *latchkeytest.Browser, p *latchkeytest.Person){
		"signed out elsewhere": func(b *latchkeytest.Browser, _ *latchkeytest.Person) { b.Copy().SignsOut() },
		"locked out": func(_ *latchkeytest.Browser, p *latchkeytest.Person) {
			env.Administrator("root@example.com").Disables(p)
		},
		"cookies that are none": func(b *latchkeytest.Browser, _ *latchkeytest.Person) {
			b.Jar.Put(accessCookie, "nonsense")
			b.Jar.Put(refreshCookie, "nonsense")
		},
		"access cookie alone, and over": func(b *latchkeytest.Browser, _ *latchkeytest.Person) {
			keepsAccessCookie(b)
			b.Jar.Lose(refreshCookie)
			env.Clock.Advance(day + time.Minute)
		},
	} {
		browser, person := env.Browser(), env.Person(name[:4]+"@example.com")
		browser.SignsUp(person)
		end(browser, person)
		seesNobody(t, asksWho(t, browser))
		setsNothing(t, browser.Last().Header)
	}
}

func TestCK03_AnotherSiteCannotSeeWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	browser := signedIn(env, "ada@example.com")
	browser.Page = "https://evil.example"
	_, err := browser.Auth.GetSession(t.Context(), &latchkeyv1.GetSessionRequest{})
	env.Refused(err, latchkeyv1.Reason_REASON_ORIGIN_REFUSED)
	// Without the header that another site cannot send, cookies are not looked at.
	plain := header{"Cookie", browser.Jar.Line()}
	got := get(t, env, getSession, "json", []byte("{}"), plain)
	if body := string(got.Body); got.Status != http.StatusOK || body != `{"empty":{}}` {
		t.Errorf("cookies alone are answered %d %s", got.Status, body)
	}
	if got.Header.Get("Cache-Control") != "no-store" {
		t.Error("the answer may be kept")
	}
}

func TestGetSessionWithABearerToken(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	ask := func(authorization string) (*latchkeyv1.GetSessionResponse, error) {
		ctx, info := connect.NewClientContext(t.Context())
		if authorization != "" {
			info.RequestHeader().Set("Authorization", authorization)
		}
		return env.Auth.GetSession(ctx, &latchkeyv1.GetSessionRequest{})
	}
	token := "Bearer " + ada.Tokens.GetAccessToken()
	answer, err := ask(token)
	if err != nil || answer.GetUser().GetEmail() != "ada@example.com" ||
		!answer.GetExpiresAt().AsTime().Truncate(time.Second).Equal(ada.Tokens.GetRefreshExpiresAt().AsTime()) {
		t.Errorf("the answer is %v: %v", answer, err)
	}
	for _, none := range []string{"", "Bearer nonsense", "Bearer " + ada.Tokens.GetRefreshToken(), "Basic YTpi"} {
		answer, err := ask(none)
		if err != nil {
			t.Fatal(err)
		}
		seesNobody(t, answer)
	}
	// The holder can renew it, and gets the reason to do so.
	env.Clock.Advance(day + time.Minute)
	_, err = ask(token)
	env.Refused(err, latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
	ada.Refreshes()
	ada.SignsOut()
	answer, err = ask("Bearer " + ada.Tokens.GetAccessToken())
	if err != nil {
		t.Fatal(err)
	}
	seesNobody(t, answer)
}
