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
	const limit, roundTrip = 6 * time.Second, 800 * time.Millisecond
	s := newServer(t, func(s *settings.Settings) { s.Server.DatabaseWait = limit })
	// 9 pages.
	dbtest.Fill(t, s.DB, `INSERT INTO revocations (user_id, session_id, expires_at)
		SELECT gen_random_uuid(), gen_random_uuid(), now() + interval '1 hour' FROM generate_series(1, 180000)`)
	// From LISTEN on: to connect takes half a dozen round trips, all of them before the first page.
	s.proxy.DelayOn(dbtest.Listening, roundTrip)
	began := time.Now()

	ended := s.run()

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
