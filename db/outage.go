package db

import (
	"sync/atomic"
	"time"
)

// outage is a time during which Postgres accepts no connections. All callers share it.
type outage struct {
	uptime Stopwatch
	// began is in nanoseconds of uptime, and zero while there is no outage.
	began atomic.Int64
}

// waitLeft returns how much longer a caller may wait. The first call begins the outage.
func (o *outage) waitLeft() time.Duration {
	now := o.uptime.Elapsed()
	o.began.CompareAndSwap(0, int64(now))
	return outageWait - (now - time.Duration(o.began.Load()))
}

// end ends the outage. Every successful statement calls it, so it writes only if there is one.
func (o *outage) end() {
	if o.began.Load() != 0 {
		o.began.Store(0)
	}
}
