// Package cleanup deletes what nobody needs any more: proofs that were used, soon after the answer that used them, and by a
// schedule what was abandoned. Sends whose jobs were lost it closes.
package cleanup

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

const (
	queue = "cleanup"
	// One of each kind at a time is enough, and leaves the database to the calls.
	atOnce = 2
	// How often the schedule comes around.
	interval = 10 * time.Minute
	// The holder of an ended code is told so for a day; then it is unknown, which answers the same.
	keep = 24 * time.Hour
	// Who asks support where their code is does so within days. What was sent to whom is personal data.
	keepSends = 14 * 24 * time.Hour
	// The job of a code ends within ten minutes, and that of a notice within a day. What is queued for longer has none: its job
	// was given up for errors of the database, which could not tell the row either.
	codeJobLasts   = time.Hour
	noticeJobLasts = 25 * time.Hour
)

// Add registers the jobs of this package.
func Add(set *jobs.Set, d *db.DB) {
	set.Queue(queue, atOnce)
	river.AddWorker(set.Workers, &proofsWorker{db: d})
	river.AddWorker(set.Workers, &sweepWorker{db: d})
	set.Every(interval, queue, sweepArgs{})
}

type proofsArgs struct {
	Verifications []uuid.UUID `json:"verifications"`
}

// Kind names the job in the database; it never changes.
func (proofsArgs) Kind() string { return "delete_used_proofs" }

type proofsWorker struct {
	river.WorkerDefaults[proofsArgs]
	db *db.DB
}

func (w *proofsWorker) Work(ctx context.Context, job *river.Job[proofsArgs]) error {
	if err := dbsqlc.New().DeleteUsedProofs(ctx, w.db, job.Args.Verifications); err != nil {
		return fmt.Errorf("delete used proofs: %w", err)
	}
	return nil
}

// Proofs queues the deletion of proofs that the transaction has used up, off the way of its answer.
func Proofs(ctx context.Context, client *jobs.Client, tx db.Tx, verifications []uuid.UUID) error {
	if len(verifications) == 0 {
		return nil
	}
	return client.Insert(ctx, tx, proofsArgs{Verifications: verifications}, river.InsertOpts{Queue: queue})
}

type sweepArgs struct{}

// Kind names the job in the database; it never changes.
func (sweepArgs) Kind() string { return "sweep" }

type sweepWorker struct {
	river.WorkerDefaults[sweepArgs]
	db *db.DB
}

// Work deletes in small steps, so that no statement holds many rows for long.
func (w *sweepWorker) Work(ctx context.Context, _ *river.Job[sweepArgs]) error {
	q, now := dbsqlc.New(), w.db.Clock()
	for _, sweep := range []struct {
		what string
		step func() (int64, error)
	}{
		{"verifications", func() (int64, error) { return q.SweepVerifications(ctx, w.db, now.Add(-keep)) }},
		{"code budgets", func() (int64, error) { return q.SweepCodeBudgets(ctx, w.db, now.Add(-keep)) }},
		{"rate limits", func() (int64, error) { return q.SweepBudgets(ctx, w.db, now) }},
		{"abandoned sends", func() (int64, error) {
			return q.CloseAbandonedSends(ctx, w.db, dbsqlc.CloseAbandonedSendsParams{
				Now: now, CodeQueuedBefore: now.Add(-codeJobLasts), NoticeQueuedBefore: now.Add(-noticeJobLasts),
			})
		}},
		{"sends", func() (int64, error) { return q.SweepSends(ctx, w.db, now.Add(-keepSends)) }},
		{"sessions", func() (int64, error) { return q.SweepSessions(ctx, w.db, now) }},
		{"erasures", func() (int64, error) { return eraseSome(ctx, w.db) }},
		// After the sessions, the end of some of which is written down.
		{"revocations", func() (int64, error) { return q.SweepRevocations(ctx, w.db, now) }},
	} {
		for {
			n, err := sweep.step()
			if err != nil {
				return fmt.Errorf("sweep %s: %w", sweep.what, err)
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}
