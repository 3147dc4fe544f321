package dbtest

import (
	"database/sql/driver"
	"sync"

	"github.com/jackc/pgx/v5/stdlib"
)

// driverName is what pgtestdb opens sessions by.
const driverName = "latchkey-dbtest"

// keeper keeps the sessions that pgtestdb closes for the next test: it opens one for each database that it makes, and another
// for each that it drops, and a session costs Postgres half as much to start as a database. They are the superuser's on the server's
// own database; pgtestdb does not connect to what it makes.
type keeper struct {
	mu   sync.Mutex
	idle []*keptConn
}

// Open takes a session that is kept, or a new one.
func (k *keeper) Open(url string) (driver.Conn, error) {
	if c := k.take(url); c != nil {
		return c, nil
	}
	conn, err := stdlib.GetDefaultDriver().Open(url)
	if err != nil {
		return nil, err
	}
	return &keptConn{Conn: conn.(*stdlib.Conn), keeper: k, url: url}, nil
}

func (k *keeper) take(url string) *keptConn {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, c := range k.idle {
		if c.url == url {
			k.idle = append(k.idle[:i], k.idle[i+1:]...)
			return c
		}
	}
	return nil
}

type keptConn struct {
	*stdlib.Conn
	keeper *keeper
	url    string
}

// Close keeps the session, unless it is broken.
func (c *keptConn) Close() error {
	if c.Conn.Conn().IsClosed() {
		return c.Conn.Close()
	}
	c.keeper.mu.Lock()
	defer c.keeper.mu.Unlock()
	c.keeper.idle = append(c.keeper.idle, c)
	return nil
}
