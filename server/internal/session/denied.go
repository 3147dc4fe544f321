package session

import (
	"maps"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// denied are the sessions that have ended while an access token of theirs may still live. Each of them takes some 60 bytes
// until then.
type denied struct {
	mu sync.RWMutex
	// until is when the last token of a session ends.
	until  map[id.Session]time.Time
	pruned time.Time
}

func newDenied() *denied { return &denied{until: map[id.Session]time.Time{}} }

// pruneInterval is how often what has ended is looked for, which takes a walk through all.
const pruneInterval = 10 * time.Minute

// add takes sessions in. Of two ends of one session the later one counts: nothing that is said of it lets it in again.
func (d *denied) add(ended map[id.Session]time.Time, now time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for session, until := range ended {
		if until.After(d.until[session]) {
			d.until[session] = until
		}
	}
	if now.Sub(d.pruned) >= pruneInterval {
		maps.DeleteFunc(d.until, func(_ id.Session, until time.Time) bool { return until.Before(now) })
		d.pruned = now
	}
}

func (d *denied) has(session id.Session) bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	_, ok := d.until[session]
	return ok
}
