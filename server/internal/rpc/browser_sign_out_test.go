package rpc_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// deadCookies are the useless cookies that a browser can have. Each is made from a signed-in browser.
var deadCookies = map[string]struct {
	ruin   func(b *latchkeytest.Browser)
	reason latchkeyv1.Reason
}{
	"no cookie at all":       {func(b *latchkeytest.Browser) { b.Jar.Lose("") }, missing},
	"junk":                   {func(b *latchkeytest.Browser) { b.Jar.Put(accessCookie, "zqx") }, bad},
	"junk to renew by":       {func(b *latchkeytest.Browser) { b.Jar.Lose(accessCookie); b.Jar.Put(refreshCookie, "zqx") }, bad},
	"the other token":        {func(b *latchkeytest.Browser) { b.Jar.Put(accessCookie, b.Jar.Value(refreshCookie)) }, bad},
	"two of one name":        {func(b *latchkeytest.Browser) { b.Jar.Put("a=b; "+accessCookie, "zqx") }, bad},
	"an empty cookie":        {func(b *latchkeytest.Browser) { b.Jar.Put(accessCookie, ""); b.Jar.Put(refreshCookie, "") }, missing},
	"an ended session":       {signsOutInACopy, latchkeyv1.Reason_REASON_SESSION_REVOKED},
	"an ended one, to renew": {func(b *latchkeytest.Browser) { signsOutInACopy(b); b.Jar.Lose(accessCookie) }, latchkeyv1.Reason_REASON_SESSION_REVOKED},
}

func signsOutInACopy(b *latchkeytest.Browser) { b.Copy().SignsOut() }

func TestCK09_WhateverEndsTheSessionClearsTheCookies(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(t *testing.T, env *latchkeytest.Env){
		"signing out":                         signingOut,
		"signing out of somebody locked out":  signingOutOfSomebodyLockedOut,
		"the account is deleted":              theAccountIsDeleted,
		"it is ended in the list of sessions": itIsEndedInTheList,
	})
}

func signingOut(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	signedIn(env, "ada@example.com")
	ada := env.Person("ada@example.com")

	for name, c := range deadCookies {
		browser := env.Browser()
		browser.SignsIn(ada)
		c.ruin(browser)
		browser.SignsOutFails(c.reason)
		if !clears(browser.Last().Header) {
			t.Errorf("%s: the answer sets %q", name, browser.Last().Header.Values("Set-Cookie"))
		}
	}
	for name, protocol := range protocols {
		browser := env.Browser().Speaks(clientFor(env, protocol.http2), protocol.options...)
		browser.SignsIn(ada)
		browser.SignsOut()
		if !clears(browser.Last().Header) || browser.Jar.Line() != "" {
			t.Errorf("%s: the answer sets %q", name, browser.Last().Header.Values("Set-Cookie"))
		}
		browser.SignsOutFails(missing)
		if !clears(browser.Last().Header) {
			t.Errorf("%s, once more: the answer sets %q", name, browser.Last().Header.Values("Set-Cookie"))
		}
	}
}

func TestCK09_SigningOutClearsCookiesWhoseTimeIsOver(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	renewed, ended := signedIn(env, "ada@example.com"), env.Browser()
	ended.SignsIn(ada)
	keepsAccessCookie(ended)
	ended.Jar.Put(refreshCookie, ended.Jar.Value(refreshCookie))
	env.Clock.Advance(day + time.Minute)

	// The call renews the session and ends it.
	reused := renewed.Copy()
	renewed.SignsOut()
	if !clears(renewed.Last().Header) {
		t.Errorf("a session that the call has renewed: %q", renewed.Last().Header.Values("Set-Cookie"))
	}
	reused.SignsOutFails(latchkeyv1.Reason_REASON_SESSION_REVOKED)

	other := env.Browser()
	other.SignsIn(ada)
	thief := other.Copy()
	env.Clock.Advance(day + time.Minute)
	other.SeesProfile()
	env.Clock.Advance(10 * time.Minute)
	thief.SignsOutFails(latchkeyv1.Reason_REASON_REFRESH_REUSED)
	if !clears(thief.Last().Header) {
		t.Errorf("a spent token: %q", thief.Last().Header.Values("Set-Cookie"))
	}

	env.Clock.Advance(week)
	ended.SignsOutFails(expired)
	if !clears(ended.Last().Header) {
		t.Errorf("tokens that have ended: %q", ended.Last().Header.Values("Set-Cookie"))
	}
}

// A disabled user can still clear a shared browser.
func signingOutOfSomebodyLockedOut(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	admin := signUpAdmin(t, env, "admin@example.com")
	browser := signedIn(env, "mallory@example.com")
	got := post(t, env, "/latchkey.v1.AdminService/Disable", jsonType,
		[]byte(`{"userId":"`+browser.SeesProfile().GetId()+`"}`), bearer(admin.Tokens.GetAccessToken()))
	if got.Status != http.StatusOK {
		t.Fatalf("Disable: %d %s", got.Status, got.Body)
	}

	_, err := browser.Account.SignOut(t.Context(), &latchkeyv1.SignOutRequest{})

	reason := latchkeytest.Detail(err).GetReason()
	if reason != latchkeyv1.Reason_REASON_ACCOUNT_DISABLED && reason != latchkeyv1.Reason_REASON_SESSION_REVOKED {
		t.Errorf("signing out answers %s", reason)
	}
	if !clears(browser.Last().Header) {
		t.Errorf("%s: %q", reason, browser.Last().Header.Values("Set-Cookie"))
	}
}

// The account is deleted while its owner signs out, after the gate has admitted the call.
func TestCK09_ASignOutThatComesTooLateClearsTheCookies(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	browser := signedIn(env, "ada@example.com")
	env.AwaitJobs()
	deleting, err := env.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = deleting.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := deleting.Exec(t.Context(), "DELETE FROM users"); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := browser.Account.SignOut(t.Context(), &latchkeyv1.SignOutRequest{})
		answered <- err
	}()
	env.AwaitWaiters(1)
	if err := deleting.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}

	env.Refused(<-answered, latchkeyv1.Reason_REASON_SESSION_REVOKED)
	if !clears(browser.Last().Header) {
		t.Errorf("the answer sets %q", browser.Last().Header.Values("Set-Cookie"))
	}
}

// If the cookies were deleted while the session is alive, an attacker with a copy could use it, and its owner could not end it.
func TestCK09_ASignOutThatFailsKeepsTheCookies(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	browser := signedIn(env, "ada@example.com")
	cookies := browser.Jar.Line()
	rename := func(from, to string) {
		if _, err := env.DB.Exec(t.Context(), "ALTER TABLE "+from+" RENAME TO "+to); err != nil {
			t.Fatal(err)
		}
	}

	rename("sessions", "sessions_elsewhere")
	browser.SignsOutFails(latchkeyv1.Reason_REASON_INTERNAL)
	setsNothing(t, browser.Last().Header)
	lost := browser.Copy()
	lost.Jar.Lose(accessCookie)
	lost.SignsOutFails(latchkeyv1.Reason_REASON_INTERNAL)
	setsNothing(t, lost.Last().Header)
	rename("sessions_elsewhere", "sessions")

	if browser.Jar.Line() != cookies {
		t.Error("the browser holds other cookies than before")
	}
	browser.SeesProfile()
	browser.SignsOut()
}

func theAccountIsDeleted(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	browser := signedIn(env, "deleted@example.com")
	_, err := browser.Account.Reauthenticate(t.Context(), &latchkeyv1.ReauthenticateRequest{
		Evidence: &latchkeyv1.ReauthenticateRequest_Password{Password: "another-One1"},
	})
	env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	setsNothing(t, browser.Last().Header)
	copied := browser.Copy()
	if _, err := browser.Account.DeleteAccount(t.Context(), &latchkeyv1.DeleteAccountRequest{}); err != nil {
		t.Fatal(err)
	}
	if !clears(browser.Last().Header) {
		t.Errorf("the answer sets %q", browser.Last().Header.Values("Set-Cookie"))
	}
	// A caller who lost the answer repeats the call.
	if _, err := copied.Account.DeleteAccount(t.Context(), &latchkeyv1.DeleteAccountRequest{}); err == nil {
		t.Error("the account is deleted twice")
	}
	if !clears(copied.Last().Header) {
		t.Errorf("the repeated call's answer sets %q", copied.Last().Header.Values("Set-Cookie"))
	}
}

func itIsEndedInTheList(t *testing.T, env *latchkeytest.Env) {
	t.Helper()
	browser, other := signedIn(env, "list@example.com"), env.Browser()
	other.SignsIn(env.Person("list@example.com"))
	ends := func(current bool) {
		t.Helper()
		if _, err := browser.Account.RevokeSession(t.Context(), &latchkeyv1.RevokeSessionRequest{
			SessionId: sessionID(t, browser.Account, current),
		}); err != nil {
			t.Fatal(err)
		}
	}
	ends(false)
	setsNothing(t, browser.Last().Header)
	ends(true)
	if !clears(browser.Last().Header) {
		t.Errorf("the answer sets %q", browser.Last().Header.Values("Set-Cookie"))
	}
}

func sessionID(t *testing.T, client latchkeyv1connect.AccountServiceClient, current bool) string {
	t.Helper()
	answer, err := client.ListSessions(t.Context(), &latchkeyv1.ListSessionsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, session := range answer.GetSessions() {
		if session.GetCurrent() == current {
			return session.GetId()
		}
	}
	t.Fatalf("there is no such session: %v", answer)
	return ""
}
