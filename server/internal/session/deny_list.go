package session

import (
	"encoding/binary"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// denied are the sessions that have ended while an access token of theirs may still be good. Its methods may be called from
// many goroutines.
//
// An entry takes 20 to 39 bytes, depending on how full the maps are (measured with Go 1.26), since it keeps eight bytes of
// the session's id and a second. Of the 74 random bits of an id (UUIDv7, RFC 9562 section 5.7), these hold 62: with a
// million entries, a living session is taken for one of them in one of four trillion cases. Its user then has to sign in
// once more.
type denyList struct {
	shards [deniedShards]shard
	size   atomic.Int64
	// incompleteUntil is when the last token ends of the sessions that have ended and have no entry, in Unix seconds.
	incompleteUntil atomic.Int64

	// pruning belongs to the one who adds.
	pruning struct {
		sync.Mutex
		next int
		last time.Time
	}
}

// shard is small enough to be walked through under its lock: 16,384 entries at most, in about a millisecond.
type shard struct {
	mu sync.RWMutex
	// until is when the last token of a session ends, in Unix seconds. Until the year 2106, 32 bits hold them.
	until map[uint64]uint32
}

const (
	deniedShards = 64
	// maxDenied bounds the memory at 40 MB. Beyond it, the database is asked about sessions that memory does not know.
	maxDenied = 1 << 20
	// pruneInterval is how often each shard is searched for what has ended.
	pruneInterval = 10 * time.Minute
)

func newDenyList() *denyList {
	d := &denyList{}
	for i := range d.shards {
		d.shards[i].until = map[uint64]uint32{}
	}
	return d
}

func fingerprint(session id.Session) uint64 { return binary.BigEndian.Uint64(session[8:]) }

// shardOf goes by bits at the end: the first ones tell the variant of a UUID.
func (d *denyList) shardOf(key uint64) *shard { return &d.shards[key%deniedShards] }

// add takes sessions in. Of two ends of one session the later one counts: nothing that is said of it lets it in again.
func (d *denyList) add(ended map[id.Session]time.Time, now time.Time) {
	for session, until := range ended {
		d.put(fingerprint(session), seconds(until))
	}
	d.prune(now)
}

func (d *denyList) put(key uint64, until uint32) {
	s := d.shardOf(key)
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.until[key]
	switch {
	case known:
		s.until[key] = max(before, until)
	case d.size.Load() >= maxDenied:
		d.omit(int64(until))
	default:
		s.until[key] = until
		d.size.Add(1)
	}
}

// seconds rounds up: a token must not outlive its refusal.
func seconds(t time.Time) uint32 {
	return uint32(min(max(t.Add(time.Second-1).Unix(), 0), 1<<32-1))
}

// addUnnamed notes that sessions have ended of which it is not known which; the last of their tokens ends then.
func (d *denyList) addUnnamed(until time.Time) { d.omit(until.Add(time.Second - 1).Unix()) }

func (d *denyList) omit(until int64) {
	for {
		before := d.incompleteUntil.Load()
		if before >= until || d.incompleteUntil.CompareAndSwap(before, until) {
			return
		}
	}
}

// complete reports whether every session that has ended is known by name.
func (d *denyList) complete(now time.Time) bool { return now.Unix() > d.incompleteUntil.Load() }

func (d *denyList) has(session id.Session) bool {
	key := fingerprint(session)
	s := d.shardOf(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.until[key]
	return ok
}

// prune forgets what has ended, in those shards whose turn it is.
func (d *denyList) prune(now time.Time) {
	d.pruning.Lock()
	defer d.pruning.Unlock()
	turns := int(now.Sub(d.pruning.last) / (pruneInterval / deniedShards))
	if turns <= 0 {
		return
	}
	for range min(turns, deniedShards) {
		d.size.Add(-d.shards[d.pruning.next].prune(seconds(now)))
		d.pruning.next = (d.pruning.next + 1) % deniedShards
	}
	d.pruning.last = now
}

func (s *shard) prune(now uint32) (pruned int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.until)
	maps.DeleteFunc(s.until, func(_ uint64, until uint32) bool { return until < now })
	if len(s.until) < before/2 {
		// A map keeps the room that it has once had, and so does its clone.
		smaller := make(map[uint64]uint32, len(s.until))
		maps.Copy(smaller, s.until)
		s.until = smaller
	}
	return int64(before - len(s.until))
}
