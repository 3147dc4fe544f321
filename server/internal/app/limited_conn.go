package app

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
)

// readAhead is how much is read from a connection while a write to it waits for the client. net/http queues up to 10,000
// answers to control frames such as PING, about a megabyte, for a client that sends them and reads nothing.
const readAhead = 16 << 10

// errTooManyStreams ends a connection whose client opens more streams than its network may.
var errTooManyStreams = errors.New("too many streams of this client network are open")

// limitedConn is an accepted connection that counts, with its streams, for as long as it is open.
type limitedConn struct {
	net.Conn
	streams *openStreams
	work    *workMeter
	release func()

	// writing is locked while a write is under way.
	writing sync.Mutex
	// ahead counts what was read since it was last known that no write waits.
	ahead atomic.Int64
}

func newLimitedConn(conn net.Conn, held holding, streams *openStreams, work *workMeter) *limitedConn {
	return &limitedConn{Conn: conn, streams: streams, work: work, release: sync.OnceFunc(func() {
		streams.release()
		held.release()
	})}
}

// Read reads what the client has sent. Beyond readAhead it waits for the write that is under way, which ends when the
// client reads or its deadline has passed.
func (c *limitedConn) Read(p []byte) (int, error) {
	if c.ahead.Load() >= readAhead {
		c.writing.Lock()
		c.ahead.Store(0)
		c.writing.Unlock()
	}
	n, err := c.Conn.Read(p)
	c.ahead.Add(int64(n))
	frames, ok := c.streams.received(p[:n])
	if !ok {
		_ = c.Close()
		return 0, errTooManyStreams
	}
	if !c.work.read(n, frames) {
		_ = c.Close()
		return 0, errTooMuchWork
	}
	return n, err
}

// Write writes to the client.
func (c *limitedConn) Write(p []byte) (int, error) {
	c.writing.Lock()
	defer c.writing.Unlock()
	n, err := c.Conn.Write(p)
	c.streams.sent(p[:n])
	return n, err
}

// Close closes the connection. Only the first call gives back what it holds.
func (c *limitedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

// CloseWrite lets net/http end its side and wait for the client's: an answer that is still on its way would be lost otherwise.
func (c *limitedConn) CloseWrite() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.CloseWrite()
	}
	return nil
}
