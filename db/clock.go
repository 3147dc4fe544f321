package db

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// Clock returns the time, in UTC. Only this file reads the machine's clock.
type Clock func() time.Time

// Stopwatch measures elapsed time with a monotonic clock: for how long something takes, and never for when something ends. The
// clocks of tests do not affect it.
type Stopwatch struct{ start time.Time }

// StartStopwatch returns a running Stopwatch.
func StartStopwatch() Stopwatch { return Stopwatch{time.Now()} }

// Elapsed returns the time since the start.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.start) }

const (
	// Quartz clocks drift by a few seconds a day. The drift of a minute is far below what any deadline notices.
	clockSyncInterval = time.Minute
	clockSyncTimeout  = 5 * time.Second
	// The first measurement connects as well, which takes several round trips.
	firstClockSyncTimeout = connectTimeout + clockSyncTimeout
)

// syncedClock is the machine's clock, shifted to agree with the database's. So reading the time needs no round trip.
type syncedClock struct {
	offset atomic.Int64
	stop   func()
}

func startSyncedClock(ctx context.Context, d *DB) (*syncedClock, error) {
	c := &syncedClock{}
	if err := c.sync(ctx, d, firstClockSyncTimeout); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	c.stop = func() {
		cancel()
		<-done
	}
	go func() {
		defer close(done)
		ticker := time.NewTicker(clockSyncInterval)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				// If the database does not answer, the last offset is still good.
				_ = c.sync(ctx, d, clockSyncTimeout)
			}
		}
	}()
	return c, nil
}

func (c *syncedClock) sync(ctx context.Context, d *DB, timeout time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	conn, err := d.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()

	before := time.Now()
	var there time.Time
	// The simple protocol needs one round trip. The error is at most half of it.
	if err := conn.QueryRow(ctx, "SELECT clock_timestamp()", pgx.QueryExecModeSimpleProtocol).Scan(&there); err != nil {
		return err
	}
	d.outage.end()
	halfway := before.Add(time.Since(before) / 2)
	c.offset.Store(int64(there.Sub(halfway)))
	return nil
}

// now has the precision of Postgres, so that storing and reading a time does not change it.
func (c *syncedClock) now() time.Time {
	return time.Now().Add(time.Duration(c.offset.Load())).UTC().Truncate(time.Microsecond)
}
