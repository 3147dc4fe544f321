package db

import (
	"context"
	"errors"
)

// ErrReadOnly means that the database accepts no writes: it is a standby, or was made read-only.
var ErrReadOnly = errors.New("the database is read-only")

// Writable returns nil if the database answers and accepts writes.
func (d *DB) Writable(ctx context.Context) error {
	var readOnly bool
	if err := d.QueryRow(ctx, "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean").Scan(&readOnly); err != nil {
		return err
	}
	if readOnly {
		return ErrReadOnly
	}
	return nil
}
