package dbtest

import (
	"sync/atomic"
	"time"
)

// Clock is a clock that stands still until it is told to move. It starts at the real time, since Postgres and the job
// queue go by theirs.
type Clock struct{ microseconds atomic.Int64 }

// NewClock starts at the present.
func NewClock() *Clock {
	c := &Clock{}
	c.microseconds.Store(time.Now().UnixMicro())
	return c
}

// Now tells the time.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.microseconds.Load()).UTC() }

// Advance moves it forward.
func (c *Clock) Advance(d time.Duration) { c.microseconds.Add(d.Microseconds()) }
