package dbtest

import (
	"sync/atomic"
	"time"
)

// Clock is a clock that stands still until a test advances it. It starts at the real time, since Postgres and the job queue use
// theirs.
type Clock struct{ microseconds atomic.Int64 }

// NewClock returns a clock that shows the present.
func NewClock() *Clock {
	c := &Clock{}
	c.microseconds.Store(time.Now().UnixMicro())
	return c
}

// Now returns the time of the clock, in UTC.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.microseconds.Load()).UTC() }

// Advance moves the clock forward.
func (c *Clock) Advance(d time.Duration) { c.microseconds.Add(d.Microseconds()) }
