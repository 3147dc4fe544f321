package account_test

import (
	"net/http"
	"testing"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	notFound      = latchkeyv1.Reason_REASON_NOT_FOUND
	invalidFields = latchkeyv1.Reason_REASON_INVALID_FIELDS
	tokenInvalid  = latchkeyv1.Reason_REASON_TOKEN_INVALID
	firefoxOnMac  = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.4; rv:125.0) Gecko/20100101 Firefox/125.0"
)

// agent sets the user agent of every request.
type agent struct {
	http.RoundTripper
	name string
}

// RoundTrip sends a request.
func (a agent) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("User-Agent", a.name)
	return a.RoundTripper.RoundTrip(r)
}

// signsInFrom signs in on a device of some kind.
func signsInFrom(env *latchkeytest.Env, p *latchkeytest.Person, userAgent string) *latchkeytest.Person {
	env.T.Helper()
	client := &http.Client{Transport: agent{env.HTTP.Transport, userAgent}}
	answer, err := latchkeyv1connect.NewAuthServiceClient(client, env.URL).SignIn(env.T.Context(), &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Email{Email: p.Email}, Password: p.Password,
	})
	if err != nil {
		env.T.Fatal(err)
	}
	there := *p
	there.Tokens = answer.GetTokens()
	return &there
}

func TestSE03_SessionsAreListedAsTheirOwnerKnowsThem(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	first := env.Clock.Now()
	env.Clock.Advance(time.Hour)
	mac := signsInFrom(env, ada, firefoxOnMac)
	env.Clock.Advance(time.Hour)
	// The older session is used again, and so becomes the most recently used.
	ada.Refreshes()
	now := env.Clock.Now()

	list := mac.ListsSessions()
	if len(list) != 2 {
		t.Fatalf("Ada has %v", list)
	}
	older, current := list[0], list[1]
	if older.GetCurrent() || !current.GetCurrent() || older.GetId() != ada.Session() {
		t.Errorf("the wrong session is marked as current: %v", list)
	}
	if current.GetDevice() != "Firefox on Mac" || current.GetIp() != "127.0.0.1" {
		t.Errorf("the device is %q at %q", current.GetDevice(), current.GetIp())
	}
	for name, got := range map[string][2]time.Time{
		"signed in": {older.GetCreatedAt().AsTime(), first},
		"used":      {older.GetLastUsedAt().AsTime(), now},
		"ends":      {older.GetExpiresAt().AsTime(), now.Add(7 * 24 * time.Hour)},
		"made":      {current.GetCreatedAt().AsTime(), now.Add(-time.Hour)},
		"last used": {current.GetLastUsedAt().AsTime(), now.Add(-time.Hour)},
	} {
		if !got[0].Equal(got[1]) {
			t.Errorf("%s: %v, want %v", name, got[0], got[1])
		}
	}
}

func TestSE03_EndedSessionsAreNotListed(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	idle, out, revoked := ada.Twin(), ada.Twin(), ada.Twin()
	out.SignsOut()
	ada.RevokesSession(revoked.Session())
	if n := len(ada.ListsSessions()); n != 2 {
		t.Errorf("%d sessions are listed, want 2", n)
	}
	// One of them idles until it expires; it was not swept.
	for range 7 {
		env.Clock.Advance(24 * time.Hour)
		ada.Refreshes()
	}
	if list := ada.ListsSessions(); len(list) != 1 || !list[0].GetCurrent() {
		t.Errorf("what is left is %v", list)
	}
	idle.RefreshesFails(tokenExpired)
}

func TestSE03_AtMostAHundredSessionsAreListed(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	if _, err := env.DB.Exec(t.Context(), `
		INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, created_at)
		SELECT gen_random_uuid(), user_id, amr, authenticated_at, user_agent, ip, last_used_at - n * interval '1 minute', expires_at, ends_at,
			created_at - n * interval '1 minute'
		FROM sessions, generate_series(1, 150) n`); err != nil {
		t.Fatal(err)
	}
	list := ada.ListsSessions()
	if len(list) != 100 || !list[0].GetCurrent() {
		t.Errorf("%d sessions are listed", len(list))
	}
	ada.RevokesOtherSessions()
	if n := env.Rows("sessions")["sessions"]; n != 1 {
		t.Errorf("%d sessions are left", n)
	}
}

// Each story creates its own people.
func TestOwnSessions(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"AZ02_NobodyEndsAnothersSession":         storyNobodyEndsAnothersSession,
		"SE03_WhatIsDoneToSessionsIsWrittenDown": storySessionsAreWrittenDown,
		"SE01_WhatACallerSendsIsNeverAdopted":    storyNothingIsAdopted,
		"SE11_EachTokenWorksInOnePlaceOnly":      storyEachTokenInItsPlace,
	})
}

func storyNobodyEndsAnothersSession(_ *testing.T, env *latchkeytest.Env) {
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	adas := ada.Session()
	bob.RevokesSessionFails(adas, notFound)
	bob.RevokesOtherSessions()
	for id, want := range map[string]latchkeyv1.Reason{
		"ses_00000000000000000000000000": notFound,
		"ses_0":                          notFound,
		"ses_zzzzzzzzzzzzzzzzzzzzzzzzzz": notFound,
		adas + "0":                       notFound,
		adas[:len(adas)-1]:               notFound,
		"usr" + adas[3:]:                 invalidFields,
		"":                               invalidFields,
		"nonsense":                       invalidFields,
	} {
		bob.RevokesSessionFails(id, want)
	}
	ada.SeesProfile()
	ada.Refreshes()
	bob.SeesProfile()
	// A session that has ended is not found, even one's own.
	twin := bob.Twin().Session()
	bob.RevokesSession(twin)
	bob.RevokesSessionFails(twin, notFound)
}

func storySessionsAreWrittenDown(t *testing.T, env *latchkeytest.Env) {
	claude := env.Person("claude@example.com")
	claude.SignsUp()
	claude.RevokesSession(claude.Twin().Session())
	// There is no other session to end, and no entry to write.
	claude.RevokesOtherSessions()
	claude.Twin()
	claude.RevokesOtherSessions()
	claude.RevokesOtherSessions()
	claude.Twin().SignsOut()
	want := []string{"signed_out", "signed_in", "other_sessions_ended", "signed_in", "session_ended", "signed_in", "signed_up"}
	got := claude.Activity()
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("got %v, want %v", got, want)
		}
	}
	// The current session can be ended like any other.
	claude.RevokesSession(claude.Session())
	claude.LosesSession(sessionRevoked)
}

func storyNothingIsAdopted(t *testing.T, env *latchkeytest.Env) {
	dorothy, thief := env.Person("dorothy@example.com"), env.Person("thief@example.com")
	thief.SignsUp()
	dorothy.SignsUp()
	planted := thief.Session()
	// Dorothy signs in with the attacker's token and cookies.
	ctx, info := connect.NewClientContext(thief.As())
	for _, cookie := range []string{"latchkey_access", "latchkey_refresh", "__Host-latchkey_access", "session"} {
		info.RequestHeader().Add("Cookie", cookie+"="+thief.Tokens.GetAccessToken())
	}
	info.RequestHeader().Set("Authorization", "Bearer "+thief.Tokens.GetAccessToken())
	answer, err := env.Auth.SignIn(ctx, &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Email{Email: dorothy.Email}, Password: dorothy.Password,
	})
	if err != nil {
		t.Fatal(err)
	}
	dorothy.Tokens = answer.GetTokens()
	if dorothy.Session() == planted {
		t.Error("the attacker has set the session")
	}
	if list := thief.ListsSessions(); len(list) != 1 || list[0].GetId() != planted {
		t.Errorf("the attacker has %v", list)
	}
}

func storyEachTokenInItsPlace(_ *testing.T, env *latchkeytest.Env) {
	edsger := env.Person("edsger@example.com")
	edsger.SignsUp()
	env.RefreshFails(edsger.Tokens.GetAccessToken(), tokenInvalid)
	env.SeesProfileFails("Bearer "+edsger.Tokens.GetRefreshToken(), tokenInvalid)
	edsger.Refreshes()
	edsger.SeesProfile()
}

func TestSE10_RefreshingDoesNotOpenWhatNeedsARecentSignIn(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	env.Clock.Advance(11 * time.Minute)
	ada.Refreshes()
	_, err := env.Account.ChangeContact(ada.As(), &latchkeyv1.ChangeContactRequest{VerificationId: "ver_0"})
	env.Refused(err, latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED)
	// Signing in again does.
	ada.SignsIn()
	_, err = env.Account.ChangeContact(ada.As(), &latchkeyv1.ChangeContactRequest{VerificationId: "ver_0"})
	if latchkeytest.Detail(err).GetReason() == latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED {
		t.Error("a fresh sign-in is not recent")
	}
}
