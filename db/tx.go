package db

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
)

// Tx is a transaction with the one instant that every row it writes carries.
type Tx struct {
	pgx.Tx
	Now time.Time

	committed *[]func()
}

// AfterCommit has do called once the transaction is committed, before InTx returns: it updates what memory holds of the rows.
// It is not called after a rollback. Nor is it when the connection breaks during the commit, whose outcome is unknown then: so
// memory must be able to catch up by itself.
func (tx Tx) AfterCommit(do func()) { *tx.committed = append(*tx.committed, do) }

// A broken connection must not hold up a shutdown.
const rollbackTimeout = 5 * time.Second

// InTx runs fn in a transaction: committed when fn returns nil, rolled back when it returns an error or panics. What must
// be remembered of a failure, such as a wrong password, is committed before, on its own.
//
// When Postgres ends the transaction for the sake of another one, or the connection is lost before the commit is sent, fn
// runs again: it changes nothing outside the transaction but its results. A commit whose outcome is unknown is an error.
func (d *DB) InTx(ctx context.Context, fn func(tx Tx) error) error {
	for t := (tries{}); ; {
		f, err := d.inTxOnce(ctx, fn)
		if !d.again(ctx, &t, f, err) {
			return err
		}
	}
}

func (d *DB) inTxOnce(ctx context.Context, fn func(tx Tx) error) (fate, error) {
	c, err := d.Acquire(ctx)
	if err != nil {
		return fateOfConnecting(err), fmt.Errorf("begin: %w", err)
	}
	defer c.Release()
	tx, err := c.Begin(ctx)
	if err != nil {
		return d.fateBeforeCommit(c.Conn(), err), fmt.Errorf("begin: %w", err)
	}
	// A rollback must happen although the caller has gone away: otherwise the locks stay until the server notices. After a
	// commit it does nothing.
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTimeout)
		defer cancel()
		_ = tx.Rollback(ctx)
	}()

	var committed []func()
	if err := fn(Tx{Tx: tx, Now: d.Clock(), committed: &committed}); err != nil {
		return d.fateBeforeCommit(c.Conn(), err), err
	}
	if c.Conn().IsClosed() {
		return d.fateBeforeCommit(c.Conn(), errLostBeforeCommit), fmt.Errorf("commit: %w", errLostBeforeCommit)
	}
	if err := tx.Commit(ctx); err != nil {
		return d.fateOfStatement(c.Conn(), "commit", err), fmt.Errorf("commit: %w", err)
	}
	for _, do := range committed {
		do()
	}
	return settled, nil
}

var errLostBeforeCommit = fmt.Errorf("the connection was lost before: %w", net.ErrClosed)

// fateBeforeCommit judges an error from before the commit. A transaction that loses its connection then is rolled back.
func (d *DB) fateBeforeCommit(conn *pgx.Conn, err error) fate {
	if isTimeout(err) {
		return settled
	}
	d.lost(conn)
	if changedNothing(err) || conn.IsClosed() && endedConnection(err) {
		return undone
	}
	return settled
}
