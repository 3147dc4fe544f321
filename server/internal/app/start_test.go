package app_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// To read a long log of revocations from afar takes longer than the wait for the database. Each page is progress.
func TestRun_ALongLogIsNoWait(t *testing.T) {
	t.Parallel()
	const limit, roundTrip = 5 * time.Second, 500 * time.Millisecond
	s := newServer(t, func(s *settings.Settings) { s.Server.DatabaseWait = limit })
	// 18 pages. Some of them may be read before the delay.
	dbtest.Fill(t, s.DB, `INSERT INTO revocations (user_id, session_id, expires_at)
		SELECT gen_random_uuid(), gen_random_uuid(), now() + interval '1 hour' FROM generate_series(1, 360000)`)
	ended := s.run()
	// Only now: to connect takes half a dozen round trips, and the first page has two seconds.
	await(t, "the first page is read", func() bool { return s.Sessions.PagesRead() > 0 })
	s.proxy.DelayOn(dbtest.Listening, roundTrip)
	began := time.Now()

	for status := 0; status != http.StatusOK; status, _ = s.ready() {
		select {
		case err := <-ended:
			t.Fatalf("after %v it ends with %v", time.Since(began), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	if took := time.Since(began); took < limit {
		t.Errorf("it is ready after %v, within the wait: the log is too short for this test", took)
	}
}
