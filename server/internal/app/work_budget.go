package app

import (
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// Work is what a client causes outside the handlers. Its unit is the processor time for a frame of HTTP/2: one to three
// microseconds. 128 bytes of one-byte chunks in HTTP/1, the worst case of a body, take the same. Requests and connections cost at
// least this much.
const (
	workFrame      = 1.0
	workStream     = 10
	workBytes      = 128
	workRequest    = 25
	workConnection = 100
)

// How much work a client network, and one connection of it, may cause in a second. Bursts may be twice as large.
//
// Clients send at most six frames for a call: HEADERS, DATA, an empty DATA that ends the stream, two WINDOW_UPDATE for the
// response, and a PING or the answer to one, by which gRPC measures the connection. With the request this is about 45. So a
// network may make 1,100 calls a second, and send 6 MB a second. Other PINGs and SETTINGS come a few times a minute.
//
// A network that uses all of it takes 15 % of a processor.
const (
	networkWork    = 50_000
	connectionWork = networkWork / 2
)

// workReserve is the part of a budget that requests leave for frames and bytes. A client with too many requests gets an error
// first, and loses its connection only if it goes on.
const workReserve = 0.25

// workBudget limits how much work each client network causes in a second. Goroutines that always have something to read never
// wait, and a few hundred of them delay every other goroutine by seconds. Its methods may be called from many goroutines.
type workBudget struct {
	// perSecond is the budget of an IPv4 address or a /64 of IPv6; 0 means no limit.
	perSecond float64
	elapsed   func() time.Duration

	mu sync.Mutex
	// networks has an entry for each network that has caused work in the last seconds. A full bucket needs no entry.
	networks map[string]*workBucket
	// sweepAt is the number of entries at which the full buckets are removed.
	sweepAt int
}

// minSweep is the lowest number of entries that are swept.
const minSweep = 1024

// workBucket is a token bucket.
type workBucket struct {
	left float64
	at   time.Duration
}

func newWorkBudget(perSecond float64) *workBudget {
	return &workBudget{
		perSecond: perSecond, elapsed: db.StartStopwatch().Elapsed, networks: map[string]*workBucket{}, sweepAt: minSweep,
	}
}

// burst is how much of a rate may be used at once.
func burst(perSecond float64) float64 { return 2 * perSecond }

// fill adds what has accrued since the last time.
func (b *workBucket) fill(perSecond float64, now time.Duration) {
	b.left = min(burst(perSecond), b.left+perSecond*(now-b.at).Seconds())
	b.at = now
}

// spend takes work from the budgets of a client. It returns false, and takes nothing, if one of them has less than that and the
// reserve, which is a fraction of the whole.
func (w *workBudget) spend(client clientNetworks, work, reserve float64) bool {
	if w.perSecond == 0 {
		return true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.elapsed()
	var buckets [len(client)]*workBucket
	for i, perSecond := range [...]float64{w.perSecond, siteFactor * w.perSecond} {
		if client[i] == "" {
			continue
		}
		buckets[i] = w.bucket(client[i], perSecond, now)
		if buckets[i].left < work+reserve*burst(perSecond) {
			return false
		}
	}
	for _, b := range buckets {
		if b != nil {
			b.left -= work
		}
	}
	return true
}

func (w *workBudget) bucket(network string, perSecond float64, now time.Duration) *workBucket {
	b, ok := w.networks[network]
	if !ok {
		if len(w.networks) >= w.sweepAt {
			w.sweep(now)
		}
		b = &workBucket{left: burst(perSecond), at: now}
		w.networks[network] = b
	}
	b.fill(perSecond, now)
	return b
}

// sweep removes the buckets that are full again.
func (w *workBudget) sweep(now time.Duration) {
	for network, b := range w.networks {
		// Both rates fill a bucket within two seconds.
		if now-b.at >= 2*time.Second {
			delete(w.networks, network)
		}
	}
	w.sweepAt = max(minSweep, 2*len(w.networks))
}
