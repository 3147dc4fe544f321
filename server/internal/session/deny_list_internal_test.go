package session

import (
	"runtime"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

func (d *denyList) count() (n int) {
	for i := range d.shards {
		n += len(d.shards[i].until)
	}
	return n
}

func TestDeniedSessionsAreForgottenWithTheirTokens(t *testing.T) {
	t.Parallel()

	now := time.Unix(1_700_000_000, 0)
	d := newDenyList()
	short, long := id.NewSession(), id.NewSession()
	d.add(map[id.Session]time.Time{short: now.Add(time.Minute), long: now.Add(24 * time.Hour)}, now)
	for range 10_000 {
		d.add(map[id.Session]time.Time{id.NewSession(): now.Add(time.Minute)}, now)
	}
	// Nothing new is needed for that: each reading of the log comes by.
	d.add(nil, now.Add(pruneInterval))
	if d.has(short) || !d.has(long) || d.count() != 1 || d.size.Load() != 1 {
		t.Errorf("%d are remembered, and counted as %d", d.count(), d.size.Load())
	}
	d.add(nil, now.Add(25*time.Hour))
	if d.count() != 0 || d.size.Load() != 0 {
		t.Errorf("%d are remembered, and counted as %d", d.count(), d.size.Load())
	}
}

// One walk through a million entries would hold up every call that looks for one.
func TestFewDeniedSessionsAreSearchedAtATime(t *testing.T) {
	t.Parallel()

	now := time.Unix(1_700_000_000, 0)
	d := newDenyList()
	d.add(nil, now)
	for range 64_000 {
		d.add(map[id.Session]time.Time{id.NewSession(): now.Add(time.Second)}, now)
	}
	turn := pruneInterval / deniedShards
	for turns := 1; turns <= deniedShards; turns++ {
		before := d.count()
		d.add(nil, now.Add(2*time.Second+time.Duration(turns)*turn))
		pruned := before - d.count()
		if pruned == 0 || pruned > 2*64_000/deniedShards {
			t.Fatalf("turn %d has forgotten %d", turns, pruned)
		}
	}
	if d.count() != 0 {
		t.Errorf("%d are left after a whole round", d.count())
	}
}

func TestNothingLetsADeniedSessionInAgain(t *testing.T) {
	t.Parallel()

	now := time.Unix(1_700_000_000, 0)
	d := newDenyList()
	session := id.NewSession()
	for _, until := range []time.Duration{time.Minute, time.Hour, -time.Hour, time.Second} {
		d.add(map[id.Session]time.Time{session: now.Add(until)}, now)
	}
	d.add(nil, now.Add(time.Hour))
	if !d.has(session) {
		t.Error("the latest end does not count")
	}
}

func TestMemoryOfDeniedSessionsIsBounded(t *testing.T) {
	t.Parallel()

	now := time.Unix(1_700_000_000, 0)
	d := newDenyList()
	d.size.Store(maxDenied - 1)
	last, beyond := id.NewSession(), id.NewSession()
	d.add(map[id.Session]time.Time{last: now.Add(time.Hour)}, now)
	if !d.complete(now) {
		t.Error("an entry that has room makes memory incomplete")
	}
	d.add(map[id.Session]time.Time{beyond: now.Add(2 * time.Hour), last: now.Add(3 * time.Hour)}, now)
	if d.has(beyond) || d.size.Load() != maxDenied {
		t.Errorf("%d entries are counted", d.size.Load())
	}
	if d.complete(now.Add(2 * time.Hour)) {
		t.Error("memory passes for complete while the token of a session may live that it does not know")
	}
	if !d.complete(now.Add(2*time.Hour + time.Second)) {
		t.Error("memory stays incomplete")
	}
	d.addUnnamed(now.Add(4 * time.Hour))
	d.addUnnamed(now.Add(3 * time.Hour))
	if d.complete(now.Add(4 * time.Hour)) {
		t.Error("an earlier end of unnamed sessions takes the place of a later one")
	}
}

// Not in parallel: the heap is that of the whole program.
//
//nolint:paralleltest // see above
func TestADeniedSessionTakesFortyBytes(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	heap := func() int64 {
		runtime.GC()
		runtime.GC()
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return int64(stats.HeapAlloc)
	}
	for _, n := range []int{100_000, 500_000, maxDenied} {
		before := heap()
		d := newDenyList()
		for range n {
			d.add(map[id.Session]time.Time{id.NewSession(): now.Add(time.Hour)}, now)
		}
		each := float64(heap()-before) / float64(n)
		t.Logf("%d entries take %.1f bytes each", n, each)
		if each > 40 {
			t.Errorf("%d entries take %.1f bytes each", n, each)
		}
		d.add(nil, now.Add(2*time.Hour))
		if left := heap() - before; left > 1<<20 {
			t.Errorf("%d bytes are left of %d entries that are forgotten", left, n)
		}
		runtime.KeepAlive(d)
	}
}
