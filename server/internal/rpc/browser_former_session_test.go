package rpc_test

import (
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// If the cookies of a session were replaced, only an attacker with a copy could still use it, and the owner could not end it.
func TestSE01_SigningInEndsTheSessionThatTheBrowserHeld(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	const revoked = latchkeyv1.Reason_REASON_SESSION_REVOKED
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	browser, elsewhere := signedIn(env, "ada@example.com"), signedIn(env, "bob@example.com")

	copied := browser.Copy()
	browser.SignsIn(ada)
	copied.SeesProfileFails(revoked)

	// Another user in the same browser; and with an expired access token.
	copied = browser.Copy()
	env.Clock.Advance(day + time.Minute)
	browser.SignsIn(bob)
	copied.SeesProfileFails(revoked)
	if got := browser.SeesProfile().GetEmail(); got != "bob@example.com" {
		t.Errorf("the browser sees %s", got)
	}
	// Not the sessions of other devices.
	elsewhere.SeesProfile()

	// A failed sign-in ends nothing.
	wrong := env.Person("bob@example.com")
	wrong.Password = "another-One1"
	browser.SignsInFails(wrong, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	browser.SeesProfile()

	// In token mode cookies count for nothing, so nothing of theirs ends.
	bob.SignsIn()
	browser.SeesProfile()

	// A value that is not a token does not matter.
	browser.Jar.Put(refreshCookie, "zqx")
	browser.SignsIn(bob)
	browser.SeesProfile()
}
