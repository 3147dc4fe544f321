package cleanup

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

const (
	sweepQueue = "sweep"
	// Two sweeps at the same time leave most connections to the calls.
	sweepsAtOnce  = 2
	sweepInterval = 10 * time.Minute
	// How long a run works before it lets other sweeps run, and the pause before it continues.
	sweepTurn  = 5 * time.Second
	sweepPause = time.Second
	// A turn, and a last step of the same length. It must be below jobs.RescueAfter.
	sweepTimeout = 2 * sweepTurn
	// A run that fails is retried until the next one is due.
	sweepRetry       = time.Minute
	sweepMaxAttempts = int(sweepInterval / sweepRetry)
)

type sweepArgs struct {
	Name string `json:"name"`
}

// Kind is the name of the job in the database; it must never change.
func (sweepArgs) Kind() string { return "sweep" }

// InsertOpts limits the attempts.
func (sweepArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: sweepMaxAttempts}
}

// sweepWorker runs each sweep as a separate job, so that a slow or failing sweep does not delay the others.
type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	db     *db.DB
	sweeps []sweep
	turn   time.Duration
}

func newSweepWorker(d *db.DB, keepEvents time.Duration) *sweepWorker {
	return &sweepWorker{db: d, sweeps: sweepsOf(d, keepEvents), turn: sweepTurn}
}

// Timeout returns the time limit of a run.
func (w *sweepWorker) Timeout(*river.Job[sweepArgs]) time.Duration { return sweepTimeout }

// NextRetry returns when a run that failed is retried.
func (w *sweepWorker) NextRetry(job *river.Job[sweepArgs]) time.Time {
	now := w.db.Clock()
	if jobs.Rescued(job.JobRow, now) {
		return now
	}
	return now.Add(sweepRetry)
}

// Work sweeps in small steps, each committed separately, so that none locks many rows for long.
func (w *sweepWorker) Work(ctx context.Context, job *river.Job[sweepArgs]) error {
	i := slices.IndexFunc(w.sweeps, func(s sweep) bool { return s.name == job.Args.Name })
	if i < 0 {
		// Queued by a replica of another version. A replica that knows the sweep queues it again in the next interval.
		return nil
	}
	s := w.sweeps[i]
	for working := db.StartStopwatch(); ; {
		n, err := s.step(ctx, w.db, w.db.Clock().Add(-s.keep))
		if err != nil {
			return fmt.Errorf("sweep %s: %w", s.name, err)
		}
		if n == 0 {
			return nil
		}
		if working.Elapsed() >= w.turn {
			return river.JobSnooze(sweepPause)
		}
	}
}
