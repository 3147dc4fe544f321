package db

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
)

// Clock tells the time, in UTC. Nothing outside this file asks the machine for it.
type Clock func() time.Time

// Stopwatch tells the time since it was started, by a clock of the machine that nobody sets: for how long something takes, and
// never for when something ends. Tests do not stop it.
type Stopwatch struct{ start time.Time }

// StartStopwatch starts one.
func StartStopwatch() Stopwatch { return Stopwatch{time.Now()} }

// Elapsed tells the time since the start.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.start) }

const (
	// Quartz clocks drift by a few seconds a day; a minute's drift is far below anything that a deadline of ours notices.
	clockSyncInterval = time.Minute
	clockSyncTimeout  = 5 * time.Second
	// The first measurement connects as well, which takes several round trips.
	firstClockSyncTimeout = connectTimeout + clockSyncTimeout
)

// syncedClock is the machine's clock, shifted to agree with the database's. So reading the time costs no round trip.
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
				// When the database does not answer, the last offset is still good.
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
	// The simple protocol needs one round trip, so that half of it is the error.
	if err := conn.QueryRow(ctx, "SELECT clock_timestamp()", pgx.QueryExecModeSimpleProtocol).Scan(&there); err != nil {
		return err
	}
	d.outage.end()
	halfway := before.Add(time.Since(before) / 2)
	c.offset.Store(int64(there.Sub(halfway)))
	return nil
}

// now has Postgres' precision, so that a time survives being stored and read.
func (c *syncedClock) now() time.Time {
	return time.Now().Add(time.Duration(c.offset.Load())).UTC().Truncate(time.Microsecond)
}
