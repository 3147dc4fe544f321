package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Exec runs a statement that returns no rows, as a separate transaction. If it provably changed nothing, it runs again.
func (d *DB) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	for t := (tries{}); ; {
		tag, o, err := d.exec(ctx, sql, args)
		if !d.shouldRetry(ctx, &t, o, err) {
			return tag, err
		}
	}
}

func (d *DB) exec(ctx context.Context, sql string, args []any) (pgconn.CommandTag, outcome, error) {
	c, err := d.Acquire(ctx)
	if err != nil {
		return pgconn.CommandTag{}, connectOutcome(err), err
	}
	defer c.Release()
	tag, err := c.Exec(ctx, sql, args...)
	return tag, d.statementOutcome(c.Conn(), sql, err), err
}

// QueryRow is Exec for a statement that returns one row. The statement runs when the caller scans the row.
func (d *DB) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return &row{ctx: ctx, db: d, sql: sql, args: args}
}

// row is a row whose statement has not run yet.
type row struct {
	ctx  context.Context
	db   *DB
	sql  string
	args []any
}

// Scan runs the statement and reads its first row. If there is none, it returns an error that NotFound recognizes.
func (r *row) Scan(dest ...any) error {
	for t := (tries{}); ; {
		o, err := r.scan(dest)
		if !r.db.shouldRetry(r.ctx, &t, o, err) {
			return err
		}
	}
}

func (r *row) scan(dest []any) (outcome, error) {
	c, err := r.db.Acquire(r.ctx)
	if err != nil {
		return connectOutcome(err), err
	}
	defer c.Release()
	err = c.QueryRow(r.ctx, r.sql, r.args...).Scan(dest...)
	return r.db.statementOutcome(c.Conn(), r.sql, err), err
}

// Query is Exec for a statement that returns rows. It runs again only before the first row, since a caller may have used that.
func (d *DB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	for t := (tries{}); ; {
		rows, o, err := d.query(ctx, sql, args)
		if !d.shouldRetry(ctx, &t, o, err) {
			return rows, err
		}
	}
}

func (d *DB) query(ctx context.Context, sql string, args []any) (pgx.Rows, outcome, error) {
	c, err := d.Acquire(ctx)
	if err != nil {
		return failedRows{err: err}, connectOutcome(err), err
	}
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		o := d.statementOutcome(c.Conn(), sql, err)
		c.Release()
		return rows, o, err
	}
	started := &startedRows{Rows: rows, conn: c, first: rows.Next(), pending: true}
	if started.first {
		return started, final, nil
	}
	o := d.statementOutcome(c.Conn(), sql, rows.Err())
	c.Release()
	return started, o, nil
}

// failedRows are the rows of a statement that was not sent.
type failedRows struct {
	pgx.Rows
	err error
}

// Next reports that there is no row.
func (failedRows) Next() bool { return false }

// Scan returns the error.
func (r failedRows) Scan(...any) error { return r.err }

// Err returns the error.
func (r failedRows) Err() error { return r.err }

// Close has nothing to close.
func (failedRows) Close() {}

// startedRows are rows whose first one is read before the caller asks for it, so that a failure is known early.
type startedRows struct {
	pgx.Rows
	conn *pgxpool.Conn
	// first is what the first call of Next returns; pending means that it was not called yet.
	first, pending bool
}

// Next reports whether there is another row.
func (r *startedRows) Next() bool {
	if r.pending {
		r.pending = false
		return r.first
	}
	if r.Rows.Next() {
		return true
	}
	r.conn.Release()
	return false
}

// Scan reads the values of a row.
func (r *startedRows) Scan(dest ...any) error {
	err := r.Rows.Scan(dest...)
	if err != nil {
		r.Close()
	}
	return err
}

// Values returns the values of a row.
func (r *startedRows) Values() ([]any, error) {
	values, err := r.Rows.Values()
	if err != nil {
		r.Close()
	}
	return values, err
}

// Close returns the connection to the pool. It may be called twice.
func (r *startedRows) Close() {
	r.Rows.Close()
	r.conn.Release()
}
