//go:build linux || darwin

package session_test

import (
	"fmt"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/db/dbtest/clustertest"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

const firefox = "Mozilla/5.0 (Macintosh; Intel Mac OS X 14.4; rv:125.0) Gecko/20100101 Firefox/125.0"

// Users return every day of a month, and the sweep runs every day as well. An update that is not heap-only writes to every index
// of the table.
//
// Postgres makes room by removing old row versions from the page, unless an open transaction could see them. A transaction in
// another database has this effect too, so this test has its own Postgres.
func TestRenewalsAreHeapOnlyUpdates(t *testing.T) {
	t.Parallel()
	const people, days = 60, 29
	cluster, clock := clustertest.New(t, "fsync=off", "synchronous_commit=off"), dbtest.NewClock()
	if _, err := db.Migrate(t.Context(), cluster.URL, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(cluster.URL), MaxConns: 4, Clock: clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	b := setupOn(t, clock, d)
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
	grown := b.count(t, "SELECT pg_indexes_size('sessions')") - indexes
	// A connection reports its statistics when it closes, at the latest.
	r.stop()
	r.db.Close()
	d.Close()
	cluster.Await("the statistics tell of all updates",
		fmt.Sprintf("SELECT n_tup_upd >= %d FROM pg_stat_user_tables WHERE relname = 'sessions'", people*days))
	share, err := strconv.ParseFloat(cluster.Query("SELECT 100.0 * n_tup_hot_upd / n_tup_upd FROM pg_stat_user_tables WHERE relname = 'sessions'"), 64)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%.1f %% of the updates are heap-only, the indexes have grown by %d bytes", share, grown)
	if share <= 90 {
		t.Errorf("%.1f %% of the updates are heap-only", share)
	}
}
