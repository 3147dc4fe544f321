package smtp

import (
	"sync"
	"time"
)

const (
	// Servers close connections that were idle for some minutes. The pool closes its own before that.
	maxIdle = 30 * time.Second
	// The number of workers that send mails.
	maxConnections = 10
)

// pool keeps connections between mails. It uses the most recently used one first, so that the others can expire.
type pool struct {
	clock func() time.Time

	mu     sync.Mutex
	idle   []*connection
	closed bool
}

func newPool(clock func() time.Time) *pool { return &pool{clock: clock} }

func (p *pool) take() (c *connection, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropOld()
	if len(p.idle) == 0 {
		return nil, false
	}
	last := len(p.idle) - 1
	c, p.idle = p.idle[last], p.idle[:last]
	return c, true
}

func (p *pool) put(c *connection) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dropOld()
	if p.closed || len(p.idle) >= maxConnections {
		c.close()
		return
	}
	c.idleSince = p.clock()
	p.idle = append(p.idle, c)
}

// dropOld closes connections that were idle for too long. The oldest are first.
func (p *pool) dropOld() {
	end := p.clock().Add(-maxIdle)
	for len(p.idle) > 0 && p.idle[0].idleSince.Before(end) {
		p.idle[0].close()
		p.idle = p.idle[1:]
	}
}

func (p *pool) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}
