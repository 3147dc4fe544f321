package db

import (
	"sync/atomic"

	"github.com/jackc/pgx/v5"
)

// generation counts how often the connections of a pool were replaced.
type generation struct{ number atomic.Int64 }

// generationKey finds the generation of a connection among what belongs to it.
const generationKey = "latchkey.generation"

// mark notes with a new connection which generation it is of.
func (g *generation) mark(conn *pgx.Conn) {
	conn.PgConn().CustomData()[generationKey] = g.number.Load()
}

// lost replaces all connections of the pool when the server has ended one of them: what ended it has mostly ended the others
// too, and Postgres needs some milliseconds to do so. Of many callers that lose a connection at once, the first does it.
func (d *DB) lost(conn *pgx.Conn) {
	if !conn.IsClosed() {
		return
	}
	of, ok := conn.PgConn().CustomData()[generationKey].(int64)
	if ok && d.generation.number.CompareAndSwap(of, of+1) {
		d.Reset()
	}
}
