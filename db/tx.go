package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tx is a transaction with the one instant that every row it writes carries.
type Tx struct {
	pgx.Tx
	Now time.Time
}

// A broken connection must not hold up a shutdown.
const rollbackTimeout = 5 * time.Second

// InTx runs fn in a transaction: committed when fn returns nil, rolled back when it returns an error or panics. What must
// be remembered of a failure, such as a wrong password, is committed before, on its own.
func (d *DB) InTx(ctx context.Context, fn func(tx Tx) error) error {
	tx, err := d.Begin(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	// A rollback must happen although the caller has gone away: otherwise the locks stay until the server notices. After a
	// commit it does nothing.
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
		defer cancel()
		_ = tx.Rollback(ctx)
	}()

	if err := fn(Tx{Tx: tx, Now: d.Clock()}); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}
