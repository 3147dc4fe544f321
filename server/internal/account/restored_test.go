package account_test

import (
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// A backup knows nothing of the sessions that were made after it, and neither does a standby that has not received the last
// commits. Their tokens open nothing, now and after the user's next generation.
func TestSE03_ATokenThatTheDatabaseKnowsNothingOfOpensNothing(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	ada.Twin()
	ada.RevokesOtherSessions()
	lost := ada.Twin()
	lost.SeesProfile()
	// No trigger fires while rows are restored.
	if _, err := env.DB.Exec(t.Context(), `BEGIN;
		ALTER TABLE users DISABLE TRIGGER USER;
		ALTER TABLE sessions DISABLE TRIGGER USER;
		UPDATE users SET session_generation = 0, kept_session = NULL;
		DELETE FROM sessions;
		DELETE FROM revocations;
		ALTER TABLE users ENABLE TRIGGER USER;
		ALTER TABLE sessions ENABLE TRIGGER USER;
		COMMIT`); err != nil {
		t.Fatal(err)
	}
	restored := env.Replica()
	refused := func(when string) {
		t.Helper()
		_, err := restored.Account.GetProfile(lost.At(restored).As(), &latchkeyv1.GetProfileRequest{})
		if reason := latchkeytest.Detail(err).GetReason(); reason != latchkeyv1.Reason_REASON_SESSION_REVOKED {
			t.Errorf("%s, the lost session answers %v", when, err)
		}
	}
	refused("after the restore")

	env.Clock.Advance(time.Second)
	here := ada.At(restored)
	here.SignsIn()
	refused("after the next sign-in")
	here.ChangesPassword("Another-horse2")
	here.SeesProfile()
	refused("after a change of the password")
	here.RevokesOtherSessions()
	refused("after another end of all others")
}
