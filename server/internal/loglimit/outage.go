package loglimit

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// recovered is how long no call may fail before an outage counts as over. Some calls do not need what is missing: their success
// must not end the outage.
const recovered = 10 * time.Second

// Outage logs one line when calls begin to fail because a dependency is down, one a minute while they fail, and one when they
// succeed again. Its methods may be called from many goroutines.
type Outage struct {
	log *slog.Logger
	// elapsed returns the time since the Outage was created, by a monotonic clock.
	elapsed func() time.Duration

	// on reports whether there is an outage. It spares calls in normal operation the lock.
	on atomic.Bool
	mu sync.Mutex
	// began, line and failed are when the outage began, when its last line was written, and when the last call failed.
	began, line, failed time.Duration
	// refused counts the calls that have failed since the last line, and all those of the outage.
	refused, all int
}

// NewOutage returns an Outage that has not begun.
func NewOutage(log *slog.Logger) *Outage {
	return &Outage{log: log, elapsed: db.StartStopwatch().Elapsed}
}

// Failed records a failed call.
func (o *Outage) Failed(ctx context.Context, request string, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.elapsed()
	o.failed = now
	o.refused++
	o.all++
	switch {
	case !o.on.Load():
		o.on.Store(true)
		o.began, o.refused, o.all = now, 1, 1
		o.log.ErrorContext(ctx, "unavailable", "request", request, "error", err)
	case now-o.line >= window:
		o.log.ErrorContext(ctx, "still unavailable", "request", request, "error", err,
			"refused", o.refused, "since", (now - o.began).Round(time.Second))
	default:
		return
	}
	o.line, o.refused = now, 0
}

// Succeeded records a successful call.
func (o *Outage) Succeeded(ctx context.Context) {
	if !o.on.Load() {
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	now := o.elapsed()
	if !o.on.Load() || now-o.failed < recovered {
		return
	}
	o.on.Store(false)
	o.log.InfoContext(ctx, "available again", "refused", o.all, "after", (o.failed - o.began).Round(time.Second))
}
