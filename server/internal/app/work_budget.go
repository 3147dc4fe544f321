package app

import (
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// Work is what a client makes the server do beside the handlers, in units of the processor time that a frame of HTTP/2 takes: one to
// three microseconds. 128 bytes of one-byte chunks of HTTP/1, the worst that a body can be made of, take as much. Requests and
// connections cost about this much at least.
const (
	workFrame      = 1.0
	workStream     = 10
	workBytes      = 128
	workRequest    = 25
	workConnection = 100
)

// How much work a client network, and one connection of it, may cause in a second. Twice as much may come at once.
//
// Clients send at most six frames for a call: HEADERS, DATA, an empty DATA that ends the stream, two WINDOW_UPDATE for the
// answer, and a PING or the answer to one, by which gRPC measures the connection. With the request this is about 45. So a network
// may make 1,100 calls a second, and send 6 MB a second. Other PINGs and SETTINGS come a few times a minute.
//
// A network that uses all of it takes 15 % of a processor.
const (
	networkWork    = 50_000
	connectionWork = networkWork / 2
)

// workReserve is the part of a budget that requests leave for frames and bytes: a client that makes too many requests is told so,
// and loses its connection only if it goes on.
const workReserve = 0.25

// workBudget bounds how much work each client network causes in a second. Goroutines that always have something to read wait for
// nothing: a few hundred of them keep every other goroutine waiting for seconds. Its methods may be called from many goroutines.
type workBudget struct {
	// perSecond is for an IPv4 address or a /64 of IPv6; 0 means no limit.
	perSecond float64
	elapsed   func() time.Duration

	mu sync.Mutex
	// networks has an entry for each network that has caused work in the last seconds. A full bucket is as good as none.
	networks map[string]*workBucket
	// sweepAt is how many entries there are when the full ones are removed.
	sweepAt int
}

// minSweep is how many entries are kept without a look at them.
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

// spend takes work from the budgets of a client, and reports false if one of them has less than that and the reserve, which is
// a part of the whole. A refused try takes nothing: it was not worked on.
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
		// Whatever was taken has accrued again: both rates fill a bucket within two seconds.
		if now-b.at >= 2*time.Second {
			delete(w.networks, network)
		}
	}
	w.sweepAt = max(minSweep, 2*len(w.networks))
}
