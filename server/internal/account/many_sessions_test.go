package account_test

import (
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// growsSessions gives a person so many sessions beside those that they have, as a version before this one let them grow. They are newer,
// so that they are what a call deletes first.
func growsSessions(env *latchkeytest.Env, p *latchkeytest.Person, n int) {
	env.T.Helper()
	if _, err := env.DB.Exec(env.T.Context(), `
		INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, access_expires_at)
		SELECT gen_random_uuid(), s.user_id, s.amr, s.authenticated_at, 'crowd', s.ip, s.last_used_at, s.expires_at, s.ends_at, s.access_expires_at
		FROM sessions s, generate_series(1, $2) n WHERE s.id = (
			SELECT o.id FROM sessions o JOIN users u ON u.id = o.user_id WHERE u.email = $1 ORDER BY o.created_at LIMIT 1)`, p.Email, n); err != nil {
		env.T.Fatal(err)
	}
}

// With two million sessions, all of these timed out and ended nothing.
func TestSE03_AllSessionsEndHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	const many = 5000
	for name, act := range map[string]struct {
		// by says who acts: on the own account, or on Ada's.
		by   func(env *latchkeytest.Env, ada *latchkeytest.Person)
		ends latchkeyv1.Reason
		// keeps says that the session of the call stays.
		keeps bool
	}{
		"she ends the others": {func(_ *latchkeytest.Env, ada *latchkeytest.Person) { ada.RevokesOtherSessions() }, sessionRevoked, true},
		"she changes her password": {func(_ *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.ChangesPassword("Another-horse2")
		}, sessionRevoked, true},
		"she resets her password": {func(_ *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.ResetsPassword(ada.ProvesEmail(latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD), "Another-horse2")
		}, sessionRevoked, false},
		"she deletes her account": {func(_ *latchkeytest.Env, ada *latchkeytest.Person) { ada.DeletesAccount() }, sessionRevoked, false},
		"she is locked out": {func(env *latchkeytest.Env, ada *latchkeytest.Person) {
			env.Administrator("root@example.com").Disables(ada)
		}, sessionRevoked, false},
		"her sessions are ended": {func(env *latchkeytest.Env, ada *latchkeytest.Person) {
			env.Administrator("root@example.com").EndsSessionsOf(ada)
		}, sessionRevoked, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			ada := env.Person("ada@example.com")
			ada.SignsUp()
			twin := ada.Twin()
			growsSessions(env, ada, many)
			twin.SeesProfile()
			ada.SeesProfile()

			act.by(env, ada)
			if n := env.Rows("sessions")["sessions"]; n < many/2 {
				t.Errorf("%d sessions are left: all of them were touched", n)
			}
			twin.LosesSession(act.ends)
			if act.keeps {
				ada.SeesProfile()
				ada.Refreshes()
				ada.SeesProfile()
			} else {
				ada.LosesSession(act.ends)
			}
			if n := env.Rows("erasures")["erasures"]; n != 1 {
				t.Errorf("%d users wait for their rows to be deleted", n)
			}
		})
	}
}

func TestEndingOtherSessionsWritesNothingWhereThereAreNone(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	twin := ada.Twin()
	env.Clock.Advance(time.Minute)
	ada.RevokesOtherSessions()
	twin.LosesSession(sessionRevoked)
	before := env.Rows("events", "revocations", "erasures")
	for range 20 {
		ada.RevokesOtherSessions()
	}
	for table, n := range env.Rows("events", "revocations", "erasures") {
		if n != before[table] {
			t.Errorf("%s has grown by %d rows", table, n-before[table])
		}
	}
}
