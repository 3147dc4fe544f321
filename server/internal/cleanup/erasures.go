package cleanup

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// EraseStep erases a first part of what an account that is gone has left, and of the sessions that a living one has ended.
// Events lose their personal data; other rows are deleted. EraseStep returns how many rows that were, and 0 when none is left. In
// the transaction that deletes an account, it leaves little to the background; usually nothing.
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

// eraseSome does a step for each of the users that wait for it. It returns how many waited.
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
