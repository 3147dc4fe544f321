package cleanup

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

const (
	// A separate queue, so that a used proof does not wait for the sweeps.
	proofsQueue = "cleanup"
	// Each job deletes one or two rows.
	proofsAtOnce = 2
)

type proofsArgs struct {
	Verifications []uuid.UUID `json:"verifications"`
}

// Kind is the name of the job in the database; it must never change.
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

// Proofs queues the deletion of the proofs that the transaction has used up.
func Proofs(ctx context.Context, client *jobs.Client, tx db.Tx, verifications []uuid.UUID) error {
	if len(verifications) == 0 {
		return nil
	}
	return client.Insert(ctx, tx, proofsArgs{Verifications: verifications}, river.InsertOpts{Queue: proofsQueue})
}
