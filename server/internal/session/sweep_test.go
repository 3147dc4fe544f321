package session_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// The sweep finds a session that is not renewed any more, however often it was renewed before, and no other.
func TestSE08_SessionsAreSweptAfterTheirEnd(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.replica(t, usual).awaitFresh(t)
	idle, busy := b.signIn(t, r.Service, b.newUser(t), session.Client{}), b.signIn(t, r.Service, b.newUser(t), session.Client{})
	swept := func() int64 {
		n, err := dbsqlc.New().SweepSessions(t.Context(), b.db, b.clock.Now())
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	there := func() int { return b.count(t, "SELECT count(*) FROM sessions") }
	var looks int64
	for day := range 29 {
		b.clock.Advance(24 * time.Hour)
		var err error
		if busy, err = r.Refresh(t.Context(), busy.Refresh.Text, session.Client{}); err != nil {
			t.Fatal(err)
		}
		if day == 3 {
			if idle, err = r.Refresh(t.Context(), idle.Refresh.Text, session.Client{}); err != nil {
				t.Fatal(err)
			}
		}
		looks += swept()
		if want := 2; day < 3+7 && there() != want {
			t.Fatalf("day %d: %d sessions are left", day, there())
		}
	}
	// The idle one goes at most the length of its idle life after its end.
	if there() != 1 {
		t.Errorf("%d sessions are left", there())
	}
	if looks > 6 {
		t.Errorf("the sweep has looked %d times at two sessions", looks)
	}
	b.clock.Advance(7 * 24 * time.Hour)
	if swept(); there() != 0 {
		t.Errorf("%d sessions are left", there())
	}
	// A previous version does not set sweep_at: its sessions are processed once, and then like all others.
	b.exec(t, `INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
		VALUES (gen_random_uuid(), $1, '{pwd}', $2, '', '', $2, $3, $4)`,
		[16]byte(b.user), b.clock.Now(), b.clock.Now().Add(refreshTTL), b.clock.Now().Add(maxAge))
	if n := swept(); n != 1 {
		t.Errorf("the sweep looks at %d sessions", n)
	}
	if n := swept(); n != 0 || there() != 1 {
		t.Errorf("the sweep looks at %d sessions again, and %d are left", n, there())
	}
}
