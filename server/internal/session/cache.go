package session

import (
	"slices"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// cache remembers answers of the database, and never one that was out of date when it was remembered: news about a key that
// arrive while its answer is being read keep that answer out. Its methods may be called from many goroutines.
type cache[K comparable, V any] struct {
	entries *otter.Cache[K, V]
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

func newCache[K comparable, V any](most int, ttl time.Duration) *cache[K, V] {
	return &cache[K, V]{reading: map[K][]*reading{}, entries: otter.Must(&otter.Options[K, V]{
		MaximumSize:      most,
		ExpiryCalculator: otter.ExpiryWriting[K, V](ttl),
	})}
}

func (c *cache[K, V]) get(key K) (V, bool) { return c.entries.GetIfPresent(key) }

// read returns what ask answers, and remembers it unless ask fails.
func (c *cache[K, V]) read(key K, ask func() (V, error)) (V, error) {
	r := c.begin(key)
	value, err := ask()
	c.end(key, r, value, err == nil)
	return value, err
}

func (c *cache[K, V]) begin(key K) *reading {
	r := &reading{}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.reading[key] = append(c.reading[key], r)
	return r
}

func (c *cache[K, V]) end(key K, r *reading, value V, found bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	others := slices.DeleteFunc(c.reading[key], func(other *reading) bool { return other == r })
	if len(others) > 0 {
		c.reading[key] = others
	} else {
		delete(c.reading, key)
	}
	if found && !r.outdated {
		c.entries.Set(key, value)
	}
}

func (c *cache[K, V]) drop(key K) {
	c.mu.Lock()
	defer c.mu.Unlock()
	outdate(c.reading[key])
	c.entries.Invalidate(key)
}

func (c *cache[K, V]) dropAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, readings := range c.reading {
		outdate(readings)
	}
	c.entries.InvalidateAll()
}

func outdate(readings []*reading) {
	for _, r := range readings {
		r.outdated = true
	}
}

func (c *cache[K, V]) close() { c.entries.StopAllGoroutines() }
