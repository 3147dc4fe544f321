package db

import (
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// generation counts how often the connections of a pool were replaced.
type generation struct{ number atomic.Int64 }

// generationKey is the key of a connection's generation in its custom data.
const generationKey = "latchkey.generation"

// mark stores the current generation in a new connection.
func (g *generation) mark(conn *pgx.Conn) {
	conn.PgConn().CustomData()[generationKey] = g.number.Load()
}

// replaceIfLost replaces all connections of the pool if the server has closed conn. The cause usually affects the others too, and
// Postgres needs some milliseconds to close them. If many callers lose a connection, the first one replaces the pool.
func (d *DB) replaceIfLost(conn *pgx.Conn) {
	if !conn.IsClosed() {
		return
	}
	of, ok := conn.PgConn().CustomData()[generationKey].(int64)
	if ok && d.generation.number.CompareAndSwap(of, of+1) {
		d.Reset()
	}
}
