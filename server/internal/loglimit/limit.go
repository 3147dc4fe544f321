// Package loglimit limits what an outage, or a caller who is not signed in, can write to the log.
package loglimit

import (
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// window is how long a limit's count lasts.
const window = time.Minute

// Limit allows a number of log lines a minute. Its methods may be called from many goroutines.
type Limit struct {
	perMinute int
	// elapsed returns the time since the limit was created, by a monotonic clock.
	elapsed func() time.Duration

	mu       sync.Mutex
	began    time.Duration
	written  int
	withheld int
}

// New returns a limit of perMinute lines a minute.
func New(perMinute int) *Limit {
	return &Limit{perMinute: perMinute, elapsed: db.StartStopwatch().Elapsed}
}

// Allow reports whether a line may be written, and how many were withheld since the last one.
func (l *Limit) Allow() (withheld int, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.elapsed()
	if now-l.began >= window {
		l.began, l.written = now, 0
	}
	if l.written == l.perMinute {
		l.withheld++
		return 0, false
	}
	l.written++
	withheld, l.withheld = l.withheld, 0
	return withheld, true
}
