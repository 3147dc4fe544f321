package db

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tx is a transaction with one time for every row that it writes.
type Tx struct {
	pgx.Tx
	Now time.Time

	committed *[]func()
}

// AfterCommit registers a function that updates caches after the commit, before InTx returns. It is not called after a rollback,
// nor if the outcome of the commit is unknown. So caches must be able to catch up by themselves.
func (tx Tx) AfterCommit(do func()) { *tx.committed = append(*tx.committed, do) }

// A broken connection must not hold up a shutdown.
const rollbackTimeout = 5 * time.Second

// InTx runs fn in a transaction. It commits if fn returns nil, and rolls back if fn returns an error or panics. A failure that
// must be remembered, such as a wrong password, is committed before, in a separate statement.
//
// After a deadlock, or if the connection is lost before the commit is sent, fn runs again. So fn may change nothing outside the
// transaction except its results. If the outcome of a commit is unknown, InTx returns an error.
func (d *DB) InTx(ctx context.Context, fn func(tx Tx) error) error {
	for t := (tries{}); ; {
		o, err := d.inTxOnce(ctx, fn)
		if !d.shouldRetry(ctx, &t, o, err) {
			return err
		}
	}
}

func (d *DB) inTxOnce(ctx context.Context, fn func(tx Tx) error) (outcome, error) {
	c, err := d.Acquire(ctx)
	if err != nil {
		return connectOutcome(err), fmt.Errorf("begin: %w", err)
	}
	defer c.Release()
	tx, err := c.Begin(ctx)
	if err != nil {
		return d.outcomeBeforeCommit(c.Conn(), err), fmt.Errorf("begin: %w", err)
	}
	// A rollback must happen even if the caller has disconnected: otherwise the locks stay until the server notices. After a
	// commit it does nothing.
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
		defer cancel()
		_ = tx.Rollback(ctx)
	}()

	var committed []func()
	if err := fn(Tx{Tx: tx, Now: d.Clock(), committed: &committed}); err != nil {
		return d.outcomeBeforeCommit(c.Conn(), err), err
	}
	if c.Conn().IsClosed() {
		return d.outcomeBeforeCommit(c.Conn(), errLostBeforeCommit), fmt.Errorf("commit: %w", errLostBeforeCommit)
	}
	if err := tx.Commit(ctx); err != nil {
		return d.statementOutcome(c.Conn(), "commit", err), fmt.Errorf("commit: %w", err)
	}
	for _, do := range committed {
		do()
	}
	return final, nil
}

var errLostBeforeCommit = fmt.Errorf("the connection was lost before: %w", net.ErrClosed)

// outcomeBeforeCommit classifies an error from before the commit. Postgres rolls back a transaction that loses its connection
// then.
func (d *DB) outcomeBeforeCommit(conn *pgx.Conn, err error) outcome {
	if isTimeout(err) {
		return final
	}
	d.replaceIfLost(conn)
	if changedNothing(err) || conn.IsClosed() && connectionEnded(err) {
		return rolledBack
	}
	return final
}
