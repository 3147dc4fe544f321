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

// A new password ends sessions, and the same transaction deletes their devices. These devices still get a notice of it. For that
// send alone, the token is kept as it is in the registry: encrypted and bound to the device.

// ListOthers returns the devices of all sessions of a user except one, the last registered first. The caller holds the lock on the
// user's row.
func (r *Registry) ListOthers(ctx context.Context, tx db.Tx, user id.User, keep id.Session) ([]uuid.UUID, error) {
	devices, err := r.q.ListOtherDevices(ctx, tx, dbsqlc.ListOtherDevicesParams{
		UserID: uuid.UUID(user), Keep: uuid.UUID(keep), Now: tx.Now, Most: MaxDevices,
	})
	if err != nil {
		return nil, fmt.Errorf("list the devices of other sessions: %w", err)
	}
	return devices, nil
}

// KeepTokensForFinalNotice copies the token of each device for the send at the same index, whose row exists already. A trigger
// deletes the copy when the send ends or is deleted.
func (r *Registry) KeepTokensForFinalNotice(ctx context.Context, tx db.Tx, devices, sends []uuid.UUID) error {
	if err := r.q.KeepTokensForFinalNotice(ctx, tx, dbsqlc.KeepTokensForFinalNoticeParams{SendIds: sends, DeviceIds: devices}); err != nil {
		return fmt.Errorf("keep tokens for a final notice: %w", err)
	}
	return nil
}

// FinalNoticeToken returns the token that was kept for a send. It returns false if the send has ended, if another user has
// registered the device since, or if its own user is disabled.
func (r *Registry) FinalNoticeToken(ctx context.Context, send uuid.UUID) (token secret.Text, ok bool, err error) {
	row, err := r.q.FindFinalNoticeToken(ctx, r.db, send)
	if db.NotFound(err) {
		return secret.Text{}, false, nil
	}
	if err != nil {
		return secret.Text{}, false, fmt.Errorf("find the token of a final notice: %w", err)
	}
	return r.open(row.Token, row.DeviceID)
}
