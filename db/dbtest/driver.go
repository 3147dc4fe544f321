package dbtest

import (
	"database/sql/driver"
	"sync"

	"github.com/jackc/pgx/v5/stdlib"
)

// driverName is the name of the driver that pgtestdb uses.
const driverName = "latchkey-dbtest"

// keeper reuses the connections that pgtestdb closes. pgtestdb opens one for each database that it creates or drops, and starting
// a connection costs Postgres half as much as creating a database. They are the superuser's connections to the server's own
// database; pgtestdb does not connect to the databases that it creates.
type keeper struct {
	mu   sync.Mutex
	idle []*keptConn
}

// Open returns a kept connection, or a new one.
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

// Close keeps the connection, unless it is broken.
func (c *keptConn) Close() error {
	if c.Conn.Conn().IsClosed() {
		return c.Conn.Close()
	}
	c.keeper.mu.Lock()
	defer c.keeper.mu.Unlock()
	c.keeper.idle = append(c.keeper.idle, c)
	return nil
}
