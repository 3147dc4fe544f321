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
	// Apart from the sweeps, so that a used proof does not wait for them.
	proofsQueue = "cleanup"
	// Each job deletes one or two rows.
	proofsAtOnce = 2
)

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

// Proofs queues the deletion of proofs that the transaction has used up, after its answer.
func Proofs(ctx context.Context, client *jobs.Client, tx db.Tx, verifications []uuid.UUID) error {
	if len(verifications) == 0 {
		return nil
	}
	return client.Insert(ctx, tx, proofsArgs{Verifications: verifications}, river.InsertOpts{Queue: proofsQueue})
}
