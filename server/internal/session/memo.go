package session

import (
	"slices"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// memo remembers answers of the database, and never one that was out of date when it was remembered: news about a key that
// arrive while its answer is being read keep that answer out. Its methods may be called from many goroutines.
type memo[K comparable, V any] struct {
	cache *otter.Cache[K, V]
	// mu makes "look for news, then remember" one step.
	mu sync.Mutex
	// reading are the keys whose answers are being read now.
	reading map[K][]*reading
}

// reading is one answer on its way.
type reading struct {
	// outdated is set by news that may be newer than the answer.
	outdated bool
}

func newMemo[K comparable, V any](most int, ttl time.Duration) *memo[K, V] {
	return &memo[K, V]{reading: map[K][]*reading{}, cache: otter.Must(&otter.Options[K, V]{
		MaximumSize:      most,
		ExpiryCalculator: otter.ExpiryWriting[K, V](ttl),
	})}
}

func (m *memo[K, V]) get(key K) (V, bool) { return m.cache.GetIfPresent(key) }

// read returns what ask answers, and remembers it unless ask fails.
func (m *memo[K, V]) read(key K, ask func() (V, error)) (V, error) {
	r := m.begin(key)
	value, err := ask()
	m.end(key, r, value, err == nil)
	return value, err
}

func (m *memo[K, V]) begin(key K) *reading {
	r := &reading{}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reading[key] = append(m.reading[key], r)
	return r
}

func (m *memo[K, V]) end(key K, r *reading, value V, found bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	others := slices.DeleteFunc(m.reading[key], func(other *reading) bool { return other == r })
	if len(others) > 0 {
		m.reading[key] = others
	} else {
		delete(m.reading, key)
	}
	if found && !r.outdated {
		m.cache.Set(key, value)
	}
}

func (m *memo[K, V]) drop(key K) {
	m.mu.Lock()
	defer m.mu.Unlock()
	outdate(m.reading[key])
	m.cache.Invalidate(key)
}

func (m *memo[K, V]) dropAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, readings := range m.reading {
		outdate(readings)
	}
	m.cache.InvalidateAll()
}

func outdate(readings []*reading) {
	for _, r := range readings {
		r.outdated = true
	}
}

func (m *memo[K, V]) close() { m.cache.StopAllGoroutines() }
