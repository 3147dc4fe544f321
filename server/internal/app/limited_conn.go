package app

import (
	"errors"
	"net"
	"sync"
	"sync/atomic"
)

// readAhead is how much is read from a connection while a write to it waits for the client. For a client that sends control
// frames such as PING and reads nothing, net/http queues up to 10,000 answers, about a megabyte.
const readAhead = 16 << 10

// errTooManyStreams ends a connection whose client opens more streams than its network may have.
var errTooManyStreams = errors.New("too many streams of this client network are open")

// limitedConn is an accepted connection. It counts, with its streams, while it is open.
type limitedConn struct {
	net.Conn
	streams *openStreams
	work    *workMeter
	release func()

	// writing is locked during a write.
	writing sync.Mutex
	// ahead counts the bytes read since the last time that no write was waiting.
	ahead atomic.Int64
}

func newLimitedConn(conn net.Conn, held holding, streams *openStreams, work *workMeter) *limitedConn {
	return &limitedConn{Conn: conn, streams: streams, work: work, release: sync.OnceFunc(func() {
		streams.release()
		held.release()
	})}
}

// Read reads from the client. After readAhead bytes, it waits for the current write, which ends when the client reads or the
// deadline passes.
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

// Close closes the connection. The first call releases what it holds.
func (c *limitedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}

// CloseWrite lets net/http close its side and wait for the client to close, so that a response in transit is not lost.
func (c *limitedConn) CloseWrite() error {
	if tcp, ok := c.Conn.(*net.TCPConn); ok {
		return tcp.CloseWrite()
	}
	return nil
}
