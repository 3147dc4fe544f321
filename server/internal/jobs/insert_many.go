package jobs

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
)

// InsertMany queues jobs in one statement. They run after the transaction commits.
func (c *Client) InsertMany(ctx context.Context, tx db.Tx, jobs []river.InsertManyParams) error {
	if len(jobs) == 0 {
		return nil
	}
	if _, err := c.river.InsertManyTx(ctx, tx.Tx, jobs); err != nil {
		return fmt.Errorf("queue %d jobs %s: %w", len(jobs), jobs[0].Args.Kind(), err)
	}
	return nil
}
