package db

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Exec, Query and QueryRow run one statement, which is a transaction of its own. A statement that surely did not take effect
// runs again.

// Exec runs a statement that returns no rows.
func (d *DB) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	for t := (tries{}); ; {
		tag, f, err := d.exec(ctx, sql, args)
		if !d.again(ctx, &t, f, err) {
			return tag, err
		}
	}
}

func (d *DB) exec(ctx context.Context, sql string, args []any) (pgconn.CommandTag, fate, error) {
	c, err := d.Acquire(ctx)
	if err != nil {
		return pgconn.CommandTag{}, fateOfConnecting(err), err
	}
	defer c.Release()
	tag, err := c.Exec(ctx, sql, args...)
	return tag, d.fateOfStatement(c.Conn(), sql, err), err
}

// QueryRow runs a statement that returns one row, once the row is scanned. A caller has to scan it.
func (d *DB) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return &row{ctx: ctx, db: d, sql: sql, args: args}
}

// row is a row that is still to be asked for.
type row struct {
	ctx  context.Context
	db   *DB
	sql  string
	args []any
}

// Scan runs the statement and reads its first row. Its error is NotFound's when there is no row.
func (r *row) Scan(dest ...any) error {
	for t := (tries{}); ; {
		f, err := r.scan(dest)
		if !r.db.again(r.ctx, &t, f, err) {
			return err
		}
	}
}

func (r *row) scan(dest []any) (fate, error) {
	c, err := r.db.Acquire(r.ctx)
	if err != nil {
		return fateOfConnecting(err), err
	}
	defer c.Release()
	err = c.QueryRow(r.ctx, r.sql, r.args...).Scan(dest...)
	return r.db.fateOfStatement(c.Conn(), r.sql, err), err
}

// Query runs a statement that returns rows. Only what fails before the first row runs again: the caller may have used a row.
func (d *DB) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	for t := (tries{}); ; {
		rows, f, err := d.query(ctx, sql, args)
		if !d.again(ctx, &t, f, err) {
			return rows, err
		}
	}
}

func (d *DB) query(ctx context.Context, sql string, args []any) (pgx.Rows, fate, error) {
	c, err := d.Acquire(ctx)
	if err != nil {
		return failedRows{err: err}, fateOfConnecting(err), err
	}
	rows, err := c.Query(ctx, sql, args...)
	if err != nil {
		f := d.fateOfStatement(c.Conn(), sql, err)
		c.Release()
		return rows, f, err
	}
	started := &startedRows{Rows: rows, conn: c, first: rows.Next(), pending: true}
	if started.first {
		return started, settled, nil
	}
	f := d.fateOfStatement(c.Conn(), sql, rows.Err())
	c.Release()
	return started, f, nil
}

// failedRows are rows that could not be asked for.
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

// startedRows are rows of which the first one was read already, to see whether there is any.
type startedRows struct {
	pgx.Rows
	conn *pgxpool.Conn
	// first reports what the first Next is to report, which is pending.
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

// Close gives the connection back to the pool. Closing rows twice does no harm.
func (r *startedRows) Close() {
	r.Rows.Close()
	r.conn.Release()
}
