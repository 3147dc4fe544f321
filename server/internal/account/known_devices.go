package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/device"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// maxKnownDevices limits the known devices of an account. A further one replaces the one that was seen longest ago. Without a
// limit, a caller with the password could create as many rows as there are device names.
const maxKnownDevices = 100

// noteDevice records that a session of an account was started on a device, and reports whether the device was unknown. The caller
// holds the lock on the user's row.
func (s *Service) noteDevice(ctx context.Context, tx db.Tx, user uuid.UUID, session id.Session, seen device.Device) (unknown bool, err error) {
	unknown, err = s.q.NoteKnownDevice(ctx, tx, dbsqlc.NoteKnownDeviceParams{
		UserID: user, Fingerprint: seen.Fingerprint(), SessionID: uuid.UUID(session), Now: tx.Now,
	})
	if db.NotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("note a known device: %w", err)
	}
	if !unknown {
		return false, nil
	}
	if err := s.q.TrimKnownDevices(ctx, tx, dbsqlc.TrimKnownDevicesParams{UserID: user, Keep: maxKnownDevices}); err != nil {
		return false, fmt.Errorf("forget the device that was seen longest ago: %w", err)
	}
	return true, nil
}

// forgetDeviceOf makes the device unknown that a session has made known. The session may have ended.
func (s *Service) forgetDeviceOf(ctx context.Context, handle dbsqlc.DBTX, session id.Session) error {
	if err := s.q.ForgetKnownDevice(ctx, handle, uuid.UUID(session)); err != nil {
		return fmt.Errorf("forget a known device: %w", err)
	}
	return nil
}
