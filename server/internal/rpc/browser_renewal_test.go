package rpc_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// renewals are the possible outcomes when the access token has expired, a day after the sign-in. Each has its own browser, which
// is prepared before the day has passed.
var renewals = map[string]struct {
	prepare func(b *latchkeytest.Browser)
	story   func(t *testing.T, env *latchkeytest.Env, b *latchkeytest.Browser)
}{
	"the-access-cookie-has-gone":         {nothing, theAccessCookieHasGone},
	"the-access-cookie-is-still-there":   {keepsAccessCookie, theAccessCookieIsStillThere},
	"fifty-calls-at-once":                {keepsAccessCookie, fiftyCallsAtOnce},
	"the-call-itself-works":              {nothing, theCallItselfWorks},
	"the-call-is-refused-later-on":       {nothing, theCallIsRefusedLaterOn},
	"every-protocol-renews":              {keepsAccessCookie, everyProtocolRenews},
	"asking-for-it":                      {nothing, askingForIt},
	"the-refresh-cookie-has-gone":        {func(b *latchkeytest.Browser) { keepsAccessCookie(b); b.Jar.Lose(refreshCookie) }, onlyTheEndedTokenIsLeft},
	"both-cookies-have-gone":             {func(b *latchkeytest.Browser) { b.Jar.Lose(refreshCookie) }, noCookieIsLeft},
	"the-session-has-ended-elsewhere":    {keepsAccessCookie, theSessionHasEndedElsewhere},
	"public-calls-renew-nothing":         {keepsAccessCookie, publicCallsRenewNothing},
	"without-the-header-nothing-happens": {keepsAccessCookie, withoutTheHeaderNothingHappens},
}

func nothing(*latchkeytest.Browser) {}

func TestB12_TheServerRenewsASessionWithinACall(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	browsers := map[string]*latchkeytest.Browser{}
	for name, c := range renewals {
		browsers[name] = signedIn(env, name+"@example.com")
		c.prepare(browsers[name])
	}
	env.Clock.Advance(day + time.Minute)

	for name, c := range renewals {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.story(t, env.For(t), browsers[name].For(t))
		})
	}
}

func theAccessCookieHasGone(t *testing.T, _ *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	before := b.Jar.Value(refreshCookie)
	if b.Jar.Value(accessCookie) != "" {
		t.Error("the access cookie outlives its token")
	}
	if got := b.SeesProfile().GetEmail(); got != "the-access-cookie-has-gone@example.com" {
		t.Errorf("the page sees %s", got)
	}
	if !setsTokens(b.Last().Header) || b.Jar.Value(refreshCookie) == before {
		t.Errorf("the answer sets %q", b.Last().Header.Values("Set-Cookie"))
	}
	b.SeesProfile()
	setsNothing(t, b.Last().Header)
}

func theAccessCookieIsStillThere(t *testing.T, _ *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	b.SeesProfile()
	if !setsTokens(b.Last().Header) {
		t.Errorf("the answer sets %q", b.Last().Header.Values("Set-Cookie"))
	}
	b.SeesProfile()
	setsNothing(t, b.Last().Header)
}

// A page that has slept sends everything at once when it wakes up.
func fiftyCallsAtOnce(t *testing.T, _ *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	calls := make([]*latchkeytest.Browser, 50)
	for i := range calls {
		// Each with the same cookies, whatever the others are answered meanwhile.
		calls[i] = b.Copy()
	}
	var all sync.WaitGroup
	for _, call := range calls {
		all.Go(func() {
			if answer, err := call.Account.GetProfile(t.Context(), &latchkeyv1.GetProfileRequest{}); err != nil {
				t.Errorf("one of fifty is refused: %v", err)
			} else if answer.GetUser().GetEmail() != "fifty-calls-at-once@example.com" {
				t.Errorf("one of fifty sees %v", answer.GetUser())
			}
		})
	}
	all.Wait()

	for _, call := range calls {
		if !setsTokens(call.Last().Header) {
			t.Fatalf("one of fifty is given %q", call.Last().Header.Values("Set-Cookie"))
		}
	}
	// Whichever answer came last, the browser can go on with it: there is one line of tokens.
	for _, i := range []int{0, 25, 49} {
		calls[i].SeesProfile()
		setsNothing(t, calls[i].Last().Header)
		calls[i].Renews()
	}
	b.Jar = calls[49].Jar
	sessions, err := b.Account.ListSessions(t.Context(), &latchkeyv1.ListSessionsRequest{})
	if err != nil || len(sessions.GetSessions()) != 1 {
		t.Errorf("afterwards there are the sessions %v, %v", sessions, err)
	}
	activity, err := b.Account.ListActivity(t.Context(), &latchkeyv1.ListActivityRequest{PageSize: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range activity.GetActivity() {
		if entry.GetEvent() != "signed_up" {
			t.Errorf("the activity has %s", entry.GetEvent())
		}
	}
}

func theCallItselfWorks(t *testing.T, _ *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	name := "Augusta"
	answer, err := b.Account.UpdateProfile(t.Context(), &latchkeyv1.UpdateProfileRequest{Name: &name})
	if err != nil || answer.GetUser().GetName() != name || !setsTokens(b.Last().Header) {
		t.Errorf("the page is answered %v, %v, with %q", answer, err, b.Last().Header.Values("Set-Cookie"))
	}
	if got := b.SeesProfile().GetName(); got != name {
		t.Errorf("the name is %s", got)
	}
}

// The tokens that the browser had are spent, whatever becomes of the call.
func theCallIsRefusedLaterOn(t *testing.T, env *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	for name, c := range map[string]struct {
		method string
		body   string
		status int
		reason latchkeyv1.Reason
	}{
		"renewing is no signing in": {"AccountService/ChangeContact", `{"verificationId":"zqx"}`, http.StatusBadRequest, latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED},
		"not the role":              {"AdminService/SetRole", `{}`, http.StatusForbidden, latchkeyv1.Reason_REASON_ROLE_REQUIRED},
		"the rules":                 {"AccountService/RevokeSession", `{}`, http.StatusBadRequest, invalid},
		"not readable":              {"AccountService/RevokeSession", `{`, http.StatusBadRequest, invalid},
		"another one's":             {"AccountService/RevokeSession", `{"sessionId":"ses_0zqx"}`, http.StatusNotFound, latchkeyv1.Reason_REASON_NOT_FOUND},
	} {
		got := post(t, env, "/latchkey.v1."+c.method, jsonType, []byte(c.body), headersOf(b)...)
		got.refused(t, c.status, c.reason, "")
		if !setsTokens(got.Header) {
			t.Errorf("%s: the answer sets %q", name, got.Header.Values("Set-Cookie"))
		}
	}
	// A service has a key, and no cookies: they are not read, and so not renewed.
	got := post(t, env, "/latchkey.v1.TokenService/VerifyToken", jsonType, []byte(`{"token":"zqx"}`), headersOf(b)...)
	got.refused(t, http.StatusUnauthorized, missing, "")
	setsNothing(t, got.Header)
}

func everyProtocolRenews(t *testing.T, env *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	for name, protocol := range protocols {
		copied := b.Copy().Speaks(clientFor(env, protocol.http2), protocol.options...)
		if got := copied.SeesProfile().GetEmail(); got != "every-protocol-renews@example.com" || !setsTokens(copied.Last().Header) {
			t.Errorf("%s: the page sees %s and is given %q", name, got, copied.Last().Header.Values("Set-Cookie"))
		}
		// A refusal that comes after it, too.
		copied.Jar = b.Jar.Clone()
		_, err := copied.Account.RevokeSession(t.Context(), &latchkeyv1.RevokeSessionRequest{SessionId: "ses_0zqx"})
		env.Refused(err, latchkeyv1.Reason_REASON_NOT_FOUND)
		if !setsTokens(copied.Last().Header) {
			t.Errorf("%s: the refusal sets %q", name, copied.Last().Header.Values("Set-Cookie"))
		}
	}
}

func askingForIt(t *testing.T, env *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	tokens := b.Renews().GetTokens()
	if got, want := tokens.GetAccessExpiresAt().AsTime(), env.Clock.Now().Add(day).Truncate(time.Second); !got.Equal(want) {
		t.Errorf("the access token ends at %v, want %v", got, want)
	}
	b.SeesProfile()
	setsNothing(t, b.Last().Header)
}

func onlyTheEndedTokenIsLeft(t *testing.T, _ *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	b.SeesProfileFails(expired)
	setsNothing(t, b.Last().Header)
}

func noCookieIsLeft(t *testing.T, _ *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	b.SeesProfileFails(missing)
	setsNothing(t, b.Last().Header)
}

func theSessionHasEndedElsewhere(t *testing.T, env *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	elsewhere := env.Browser()
	elsewhere.SignsIn(env.Person("the-session-has-ended-elsewhere@example.com"))
	if _, err := elsewhere.Account.RevokeOtherSessions(t.Context(), &latchkeyv1.RevokeOtherSessionsRequest{}); err != nil {
		t.Fatal(err)
	}
	setsNothing(t, elsewhere.Last().Header)

	b.SeesProfileFails(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	// Not even deleted: a late response must not sign out a user who has signed in meanwhile.
	setsNothing(t, b.Last().Header)
	elsewhere.SeesProfile()
}

func publicCallsRenewNothing(t *testing.T, env *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	if _, err := b.Auth.GetSettings(t.Context(), &latchkeyv1.GetSettingsRequest{}); err != nil {
		t.Fatal(err)
	}
	setsNothing(t, b.Last().Header)
	b.SignsInFails(env.Person("nobody@example.com"), latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	setsNothing(t, b.Last().Header)
}

func withoutTheHeaderNothingHappens(t *testing.T, env *latchkeytest.Env, b *latchkeytest.Browser) {
	t.Helper()
	with := headersOf(b)
	without := slices.DeleteFunc(with, func(h header) bool { return h.name == "Latchkey-Session" })
	for _, got := range []answer{
		post(t, env, getProfile, jsonType, []byte(`{}`), without...),
		get(t, env, getProfile, "json", []byte(`{}`), without...),
		post(t, env, refreshPath, jsonType, []byte(`{}`), without...),
		post(t, env, signOut, jsonType, []byte(`{}`), without...),
	} {
		got.refused(t, http.StatusUnauthorized, missing, "")
		setsNothing(t, got.Header)
	}
	b.SeesProfile()
}

// After a week without a call nothing can be renewed.
func TestSE08_ABrowserThatWasAwayForAWeekSignsInAgain(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	gone, kept := signedIn(env, "ada@example.com"), env.Browser()
	kept.SignsIn(ada)
	keepsAccessCookie(kept)
	kept.Jar.Put(refreshCookie, kept.Jar.Value(refreshCookie))
	env.Clock.Advance(week + time.Second)

	if cookies := gone.Jar.Line(); cookies != "" {
		t.Errorf("the browser still holds %s", cookies)
	}
	gone.SeesProfileFails(missing)
	kept.SeesProfileFails(expired)
	_, err := kept.Auth.Refresh(t.Context(), &latchkeyv1.RefreshRequest{})
	env.Refused(err, expired)
	setsNothing(t, kept.Last().Header)

	kept.SignsIn(ada)
	kept.SeesProfile()
}

// A copy of a browser's cookies is useful until both the browser and the attacker have renewed.
func TestSE05_AStolenRefreshCookieEndsTheSession(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	browser := signedIn(env, "ada@example.com")
	thief := browser.Copy()
	env.Clock.Advance(day + time.Minute)
	browser.SeesProfile()
	env.Clock.Advance(10 * time.Minute)

	thief.SeesProfileFails(latchkeyv1.Reason_REASON_REFRESH_REUSED)
	setsNothing(t, thief.Last().Header)
	browser.SeesProfileFails(latchkeyv1.Reason_REASON_SESSION_REVOKED)
}

// The role is in the token, so a change of it needs a new token. The page does not notice.
func TestSE04_AChangedRoleIsRenewedWithinACall(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admin := signUpAdmin(t, env, "admin@example.com")
	browser := signedIn(env, "ada@example.com")
	user := browser.SeesProfile()

	got := post(t, env, "/latchkey.v1.AdminService/SetRole", jsonType,
		[]byte(`{"userId":"`+user.GetId()+`","role":"trainer"}`), bearer(admin.Tokens.GetAccessToken()))
	if got.Status != http.StatusOK {
		t.Fatalf("SetRole: %d %s", got.Status, got.Body)
	}

	if role := browser.SeesProfile().GetRole(); role != "trainer" || !setsTokens(browser.Last().Header) {
		t.Errorf("the page sees the role %s, and is given %q", role, browser.Last().Header.Values("Set-Cookie"))
	}
	browser.SeesProfile()
	setsNothing(t, browser.Last().Header)
}
