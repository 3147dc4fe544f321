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
	const limit, roundTrip = 3 * time.Second, 300 * time.Millisecond
	s := newServer(t, func(s *settings.Settings) { s.DatabaseWait = limit })
	// 25 pages.
	if _, err := s.DB.Exec(t.Context(), `INSERT INTO revocations (user_id, session_id, expires_at)
		SELECT gen_random_uuid(), gen_random_uuid(), now() + interval '1 hour' FROM generate_series(1, 500000)`); err != nil {
		t.Fatal(err)
	}
	// The pool has taken the first connection. The second is the one that the log is read on.
	s.proxy.DelayOn(dbtest.Numbered(2, 2), roundTrip)
	began := time.Now()

	ended := s.run()

	for status := 0; status != http.StatusOK; status, _ = s.ready() {
		select {
		case err := <-ended:
			t.Fatalf("after %v it ends with %v", time.Since(began), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	if took := time.Since(began); took < 2*limit {
		t.Errorf("it is ready after %v, before twice the wait: the log is too short for this test", took)
	}
}
