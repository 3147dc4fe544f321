package cleanup

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// EraseStep erases some of the rows that a deleted account has left, and of the sessions that an active account has ended. It
// removes the personal data from events, and deletes other rows. It returns the number of rows, and 0 when none are left. In the
// transaction that deletes an account, it leaves little to the background, usually nothing.
func EraseStep(ctx context.Context, handle dbsqlc.DBTX, user uuid.UUID) (deleted int64, err error) {
	q := dbsqlc.New()
	for what, step := range map[string]func(context.Context, dbsqlc.DBTX, uuid.UUID) (int64, error){
		"sessions":      q.EraseSessions,
		"events":        q.EraseEvents,
		"known devices": q.EraseKnownDevices,
	} {
		n, err := step(ctx, handle, user)
		if err != nil {
			return deleted, fmt.Errorf("erase %s: %w", what, err)
		}
		deleted += n
	}
	return deleted, nil
}

// eraseSome runs a step for each of the users in the queue. It returns how many there were.
func eraseSome(ctx context.Context, handle dbsqlc.DBTX) (int64, error) {
	q := dbsqlc.New()
	waiting, err := q.ListErasures(ctx, handle)
	if err != nil {
		return 0, fmt.Errorf("list erasures: %w", err)
	}
	for _, w := range waiting {
		deleted, err := EraseStep(ctx, handle, w.UserID)
		if err != nil {
			return 0, err
		}
		if deleted > 0 {
			continue
		}
		if err := q.EndErasure(ctx, handle, dbsqlc.EndErasureParams(w)); err != nil {
			return 0, fmt.Errorf("end an erasure: %w", err)
		}
	}
	return int64(len(waiting)), nil
}
