package rpc_test

import (
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// A valid token of a session that has ended, or of a user who was disabled or deleted, grants access to no method.
func TestSE04_ATokenIsWorthWhatItsSessionIs(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	for name, c := range map[string]struct {
		does string
		want latchkeyv1.Reason
	}{
		"ended@example.com":    {"DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE email = $1)", latchkeyv1.Reason_REASON_SESSION_REVOKED},
		"disabled@example.com": {"UPDATE users SET disabled_at = now() WHERE email = $1", latchkeyv1.Reason_REASON_ACCOUNT_DISABLED},
		"deleted@example.com":  {"DELETE FROM users WHERE email = $1", latchkeyv1.Reason_REASON_SESSION_REVOKED},
	} {
		// An administrator, so that nothing but the session is in the way.
		person := signUpAdmin(t, env, name)
		if _, err := env.DB.Exec(t.Context(), c.does, person.Mailbox); err != nil {
			t.Fatal(err)
		}
		// The statement was an operator's, so the server learns of it through the log.
		person.AwaitsRefusal(c.want)
		for method, descriptor := range methods() {
			// Services have keys.
			if !needsSession(descriptor) || accessOf(descriptor) == latchkeyv1.Access_ACCESS_SERVICE {
				continue
			}
			got := reasonOf(t, env, descriptor, goodRequest(t, descriptor, nil).String(), bearer(person.Tokens.GetAccessToken()))
			if got != c.want {
				t.Errorf("%s lets %s pass with %s, want %s", method, person.Nickname, got, c.want)
			}
		}
	}
}
