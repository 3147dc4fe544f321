package session

import (
	"slices"
	"sync"
	"time"

	"github.com/maypok86/otter/v2"
)

// cache caches results of database queries. It never stores a result that is out of date: if a key is invalidated while its query
// runs, the result of that query is not stored. Its methods may be called from many goroutines.
type cache[K comparable, V any] struct {
	entries *otter.Cache[K, V]
	// mu makes the check of outdated and the store one step.
	mu sync.Mutex
	// reading holds the queries that run now, by key.
	reading map[K][]*reading
}

// reading is a query that runs.
type reading struct {
	// outdated means that the key was invalidated since the query began.
	outdated bool
}

func newCache[K comparable, V any](most int, ttl time.Duration) *cache[K, V] {
	return &cache[K, V]{reading: map[K][]*reading{}, entries: otter.Must(&otter.Options[K, V]{
		MaximumSize:      most,
		ExpiryCalculator: otter.ExpiryWriting[K, V](ttl),
	})}
}

func (c *cache[K, V]) get(key K) (V, bool) { return c.entries.GetIfPresent(key) }

// read returns the result of ask, and stores it unless ask fails.
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
