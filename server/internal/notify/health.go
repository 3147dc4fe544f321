package notify

import (
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

const (
	// A provider whose last failure is older may have recovered.
	troubleLasts = time.Minute
	// restTime is how long a provider in trouble is not asked if there is another one, so that not every message waits for it.
	restTime = 30 * time.Second
)

// health is the outcome of the last message in this process, of a provider or of a channel with all its providers. Failures that
// concern one recipient are not recorded, since they say nothing about the next one.
type health struct {
	clock db.Clock

	mu sync.Mutex
	at time.Time
	// failure is nil after a success. Failures are copied in and out, since callers modify theirs.
	failure  *SendError
	restEnds time.Time
	// restAsked means that the provider itself has asked for the rest until restEnds.
	restAsked bool
}

func newHealth(clock db.Clock) *health { return &health{clock: clock} }

// note records the outcome of a message; nil is a success. Messages fail concurrently, so a failure without RetryAfter does not
// shorten a rest that the provider has asked for.
func (h *health) note(failure *SendError) {
	if failure != nil && !failure.OurTrouble() {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.clock()
	h.at, h.failure = now, copied(failure)
	if failure == nil {
		return
	}
	end := now.Add(max(restTime, failure.RetryAfter))
	if h.restAsked && h.restEnds.After(end) {
		return
	}
	h.restEnds, h.restAsked = end, failure.RetryAfter > 0
}

// trouble returns the failure of the last message, or nil.
func (h *health) trouble() *SendError {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.clock().Sub(h.at) > troubleLasts {
		return nil
	}
	return copied(h.failure)
}

// resting reports whether another provider should be used instead.
func (h *health) resting() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock().Before(h.restEnds)
}

// wake ends the rest, unless the provider has asked for it.
func (h *health) wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.restAsked {
		h.restEnds = time.Time{}
	}
}

func copied(failure *SendError) *SendError {
	if failure == nil {
		return nil
	}
	own := *failure
	return &own
}
