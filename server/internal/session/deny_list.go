package session

import (
	"encoding/binary"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// denyList holds the sessions that have ended while an access token of theirs may still be valid. Its methods may be called from
// many goroutines.
//
// An entry takes 20 to 39 bytes, depending on how full the maps are (measured with Go 1.26): it holds eight bytes of the
// session's id and a time in seconds. An id has 74 random bits (UUIDv7, RFC 9562 section 5.7), of which these eight bytes hold
// 62. With a million entries, an active session is mistaken for one of them in one of four trillion cases. Its user then has to
// sign in again.
type denyList struct {
	shards [deniedShards]shard
	size   atomic.Int64
	// incompleteUntil is when the last token expires of the ended sessions without an entry, in Unix seconds.
	incompleteUntil atomic.Int64

	// pruning is used by add only.
	pruning struct {
		sync.Mutex
		next int
		last time.Time
	}
}

// shard is small enough to be scanned under its lock: at most 16,384 entries, in about a millisecond.
type shard struct {
	mu sync.RWMutex
	// until is when the last token of a session expires, in Unix seconds. 32 bits are enough until the year 2106.
	until map[uint64]uint32
}

const (
	deniedShards = 64
	// maxDenied bounds the memory at 40 MB. Beyond it, Check asks the database about sessions that have no entry.
	maxDenied = 1 << 20
	// pruneInterval is how often each shard is searched for expired entries.
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

// shardOf uses the last bits: the first bits hold the variant of the UUID.
func (d *denyList) shardOf(key uint64) *shard { return &d.shards[key%deniedShards] }

// add adds sessions. If a session is added twice, the later expiry counts, so that no later message can allow it again.
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

// seconds rounds up, so that a token does not outlive its entry.
func seconds(t time.Time) uint32 {
	return uint32(min(max(t.Add(time.Second-1).Unix(), 0), 1<<32-1))
}

// addUnnamed records that sessions have ended whose ids are not known. The last of their tokens expires at until.
func (d *denyList) addUnnamed(until time.Time) { d.omit(until.Add(time.Second - 1).Unix()) }

func (d *denyList) omit(until int64) {
	for {
		before := d.incompleteUntil.Load()
		if before >= until || d.incompleteUntil.CompareAndSwap(before, until) {
			return
		}
	}
}

// complete reports whether every session that has ended has an entry.
func (d *denyList) complete(now time.Time) bool { return now.Unix() > d.incompleteUntil.Load() }

func (d *denyList) has(session id.Session) bool {
	key := fingerprint(session)
	s := d.shardOf(key)
	s.mu.RLock()
	defer s.mu.RUnlock()
	_, ok := s.until[key]
	return ok
}

// prune removes expired entries from the shards that are due.
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
		// A map never shrinks, and neither does its clone.
		smaller := make(map[uint64]uint32, len(s.until))
		maps.Copy(smaller, s.until)
		s.until = smaller
	}
	return int64(before - len(s.until))
}
