package cleanup

import (
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

// A sweep that takes long lets the others have their turns, and goes on where it was.
func TestLG07_ARunThatHasUsedUpItsTurnGoesOnSoon(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	if _, err := d.Exec(t.Context(), `INSERT INTO rate_limits (budget, key, count, since, ends_at)
		SELECT 'sign_in', sha256(n::text::bytea), 1, $1, $1 FROM generate_series(1, 2345) n`, clock.Now().Add(-time.Minute)); err != nil {
		t.Fatal(err)
	}
	worker := newSweepWorker(d, 0)
	worker.turn = 0
	job := &river.Job[sweepArgs]{Args: sweepArgs{Name: "rate_limits"}}
	for _, left := range []int{1345, 345, 0} {
		var snooze *river.JobSnoozeError
		if err := worker.Work(t.Context(), job); !errors.As(err, &snooze) || snooze.Duration != sweepPause {
			t.Fatalf("the run ends with %v", err)
		}
		var n int
		if err := d.QueryRow(t.Context(), "SELECT count(*) FROM rate_limits").Scan(&n); err != nil || n != left {
			t.Fatalf("%d rows are left, want %d: %v", n, left, err)
		}
	}
	if err := worker.Work(t.Context(), job); err != nil {
		t.Errorf("with nothing left, the run ends with %v", err)
	}
	if limit := worker.Timeout(job); limit >= jobs.RescueAfter {
		t.Errorf("a run may take %v, and passes for abandoned after %v", limit, jobs.RescueAfter)
	}
}

// A replica of another version may queue sweeps that this one does not know.
func TestAnUnknownSweepDoesNothing(t *testing.T) {
	t.Parallel()
	worker := newSweepWorker(dbtest.New(t), 0)
	for _, name := range []string{"", "a table to come"} {
		if err := worker.Work(t.Context(), &river.Job[sweepArgs]{Args: sweepArgs{Name: name}}); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}
