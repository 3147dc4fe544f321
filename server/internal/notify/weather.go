package notify

import (
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// A provider that was in trouble so long ago may have recovered.
const weatherLasts = time.Minute

// weather remembers how the last message of each channel fared in this process. A withheld code, which nobody is sent, fares
// the same: what comes of a failure, such as a send that does not count, must not tell that there is no account.
type weather struct {
	clock db.Clock

	mu   sync.Mutex
	last map[Channel]outcome
}

type outcome struct {
	at time.Time
	// trouble is a copy, as everything that leaves here: what comes of a failure is written into it.
	trouble *SendError
}

func newWeather(clock db.Clock) *weather {
	return &weather{clock: clock, last: map[Channel]outcome{}}
}

// note takes what came of a message; nil for success. What is about one recipient says nothing about others.
func (w *weather) note(channel Channel, failure *SendError) {
	if failure != nil && !failure.OurTrouble() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last[channel] = outcome{at: w.clock(), trouble: copied(failure)}
}

// trouble gives what the last message met with, or nil.
func (w *weather) trouble(channel Channel) *SendError {
	w.mu.Lock()
	defer w.mu.Unlock()
	last := w.last[channel]
	if w.clock().Sub(last.at) > weatherLasts {
		return nil
	}
	return copied(last.trouble)
}

func copied(failure *SendError) *SendError {
	if failure == nil {
		return nil
	}
	own := *failure
	return &own
}
