package push

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Who ends sessions for a new password tells their devices of it, and these are forgotten in the same transaction. For that
// one send, and no longer than it takes, the token is kept as it stands in the registry: encrypted and bound to the device.

// Leaving returns the devices of a user's sessions except one, the last registered first: those that go when all the others end.
// The caller holds the user's row.
func (r *Registry) Leaving(ctx context.Context, tx db.Tx, user id.User, keep id.Session) ([]uuid.UUID, error) {
	devices, err := r.q.ListLeavingDevices(ctx, tx, dbsqlc.ListLeavingDevicesParams{
		UserID: uuid.UUID(user), Keep: uuid.UUID(keep), Now: tx.Now, Most: MaxDevices,
	})
	if err != nil {
		return nil, fmt.Errorf("list the devices that leave: %w", err)
	}
	return devices, nil
}

// KeepForFarewell leaves the token of each device to the send of the same position, whose row is there. The database forgets it
// when the send has ended or is deleted.
func (r *Registry) KeepForFarewell(ctx context.Context, tx db.Tx, devices, sends []uuid.UUID) error {
	if err := r.q.KeepForFarewell(ctx, tx, dbsqlc.KeepForFarewellParams{SendIds: sends, DeviceIds: devices}); err != nil {
		return fmt.Errorf("keep the tokens of devices that leave: %w", err)
	}
	return nil
}

// Farewell returns the token that was left to a send; not ok means that it has ended, that another user has the device now, or
// that its own user may not act.
func (r *Registry) Farewell(ctx context.Context, send uuid.UUID) (token secret.Text, ok bool, err error) {
	row, err := r.q.FindFarewell(ctx, r.db, send)
	if db.NotFound(err) {
		return secret.Text{}, false, nil
	}
	if err != nil {
		return secret.Text{}, false, fmt.Errorf("find the token of a farewell: %w", err)
	}
	return r.open(row.Token, row.DeviceID)
}
