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

	committed *[]func()
}

// AfterCommit has something done once the transaction is committed, and before InTx returns: what memory has to learn of
// what the transaction has changed. It is not done when the transaction is rolled back. Nor is it when the connection
// breaks while it commits, where nobody can tell what became of it: so memory must be able to catch up by itself.
func (tx Tx) AfterCommit(do func()) { *tx.committed = append(*tx.committed, do) }

// A broken connection must not hold up a shutdown.
const rollbackTimeout = 5 * time.Second

// Transactions take an account's rows in one order, so that they do not wait for each other in a circle. Where they do all
// the same, Postgres ends one of them, which then is run again.
const maxTries = 3

// InTx runs fn in a transaction: committed when fn returns nil, rolled back when it returns an error or panics. What must
// be remembered of a failure, such as a wrong password, is committed before, on its own. When Postgres ends the transaction
// for the sake of another one, fn is run again: it changes nothing outside the transaction but its results.
func (d *DB) InTx(ctx context.Context, fn func(tx Tx) error) error {
	for try := 1; ; try++ {
		err := d.inTxOnce(ctx, fn)
		if !gaveWay(err) || try == maxTries {
			return err
		}
	}
}

func (d *DB) inTxOnce(ctx context.Context, fn func(tx Tx) error) error {
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

	var committed []func()
	if err := fn(Tx{Tx: tx, Now: d.Clock(), committed: &committed}); err != nil {
		return err
	}
	if err := tx.Commit(ctx); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	for _, do := range committed {
		do()
	}
	return nil
}
