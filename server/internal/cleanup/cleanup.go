// Package cleanup deletes rows that are not needed any more: used proofs right after the answer, and all rows past their
// retention by a schedule. It also closes sends whose jobs were lost.
package cleanup

import (
	"time"

	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

// Add registers the jobs of this package. Events are kept for as long as keepEvents.
func Add(set *jobs.Set, d *db.DB, keepEvents time.Duration) {
	set.Queue(proofsQueue, proofsAtOnce)
	river.AddWorker(set.Workers, &proofsWorker{db: d})

	set.Queue(sweepQueue, sweepsAtOnce)
	worker := newSweepWorker(d, keepEvents)
	river.AddWorker(set.Workers, worker)
	for _, s := range worker.sweeps {
		set.Every(sweepInterval, sweepQueue, sweepArgs{Name: s.name})
	}
}
