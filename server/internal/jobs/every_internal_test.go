package jobs

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

type chore struct {
	What string `json:"what"`
}

func (chore) Kind() string { return "chore" }

type choreWorker struct{ river.WorkerDefaults[chore] }

func (choreWorker) Work(context.Context, *river.Job[chore]) error { return nil }

// A job of the schedule that runs for longer than its interval, or is snoozed, gets no second one beside it.
func TestEvery_ThereIsOneAtATime(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	set := NewSet()
	river.AddWorker(set.Workers, choreWorker{})
	client, err := New(d, set, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	set.Every(time.Minute, "chores", chore{})
	// What the schedule does when an interval begins.
	comesAround := func(what string) {
		t.Helper()
		if err := d.InTx(t.Context(), func(tx db.Tx) error {
			return client.Insert(t.Context(), tx, chore{What: what}, *onceAtATime("chores"))
		}); err != nil {
			t.Fatal(err)
		}
	}
	jobs := func() (n int) {
		t.Helper()
		if err := d.QueryRow(t.Context(), "SELECT count(*) FROM river_job").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, state := range []string{"available", "running", "scheduled", "retryable"} {
		comesAround("sweep")
		if _, err := d.Exec(t.Context(), "UPDATE river_job SET state = $1::river_job_state", state); err != nil {
			t.Fatal(err)
		}
		comesAround("sweep")
		if n := jobs(); n != 1 {
			t.Errorf("beside a job that is %s there are %d others", state, n-1)
		}
	}
	comesAround("dust")
	if n := jobs(); n != 2 {
		t.Errorf("there are %d jobs, want one for each argument", n)
	}
	for _, state := range []string{"completed", "discarded", "cancelled"} {
		before := jobs()
		if _, err := d.Exec(t.Context(), "UPDATE river_job SET state = $1::river_job_state, finalized_at = now()", state); err != nil {
			t.Fatal(err)
		}
		comesAround("sweep")
		if n := jobs(); n != before+1 {
			t.Errorf("after one that is %s, none is added", state)
		}
	}
}
