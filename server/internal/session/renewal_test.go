package session_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// People come back every day of a month, and the sweep comes by every day as well. An update that is not heap-only writes to
// every index of the table.
func TestRenewalsAreHeapOnlyUpdates(t *testing.T) {
	t.Parallel()
	const people, days = 60, 29
	b := setup(t)
	r := b.replica(t, usual).awaitFresh(t)
	tokens := make([]session.Tokens, people)
	for i := range tokens {
		tokens[i] = b.signIn(t, r.Service, b.newUser(t), session.Client{UserAgent: firefox, IP: "192.0.2.7"})
	}
	indexes := b.count(t, "SELECT pg_indexes_size('sessions')")
	for range days {
		b.clock.Advance(24 * time.Hour)
		for i := range tokens {
			var err error
			if tokens[i], err = r.Refresh(t.Context(), tokens[i].Refresh.Text, session.Client{UserAgent: firefox, IP: "192.0.2.7"}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := dbsqlc.New().SweepSessions(t.Context(), b.db, b.clock.Now()); err != nil {
			t.Fatal(err)
		}
	}
	var updates, hot int
	await(t, "the statistics tell of all updates", func() bool {
		if err := b.db.QueryRow(t.Context(), `SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'sessions'`).
			Scan(&updates, &hot); err != nil {
			t.Fatal(err)
		}
		return updates >= people*days
	})
	grown := b.count(t, "SELECT pg_indexes_size('sessions')") - indexes
	t.Logf("%d of %d updates are heap-only (%.1f %%), the indexes have grown by %d bytes", hot, updates, 100*float64(hot)/float64(updates), grown)
	if hot*10 < updates*9 {
		t.Errorf("%d of %d updates are heap-only", hot, updates)
	}
}

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
	// A version before this one says nothing of sweeps: its sessions are looked at once, and then like all others.
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

const firefox = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.4; rv:125.0) Gecko/20100101 Firefox/125.0"
