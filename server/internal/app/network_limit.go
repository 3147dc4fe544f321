package app

import (
	"sync"

	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

// siteFactor is how much more the /48 of an IPv6 address may hold than each /64 in it. A subscriber with a /48 has 65,536
// networks.
const siteFactor = 4

// clientNetworks are the keys of a client: its IPv4 address or /64 of IPv6, and its /48. Empty keys do not count.
type clientNetworks [2]string

func networksOf(ip string) clientNetworks {
	return clientNetworks{ratelimit.Network(ip), ratelimit.Site(ip)}
}

// networkLimit limits how much one client network, and all of them together, hold at the same time: connections, or calls in
// flight. Its methods may be called from many goroutines.
type networkLimit struct {
	// perNetwork is the limit for an IPv4 address or a /64 of IPv6; 0 means no limit.
	perNetwork int
	total      int

	mu  sync.Mutex
	all int
	// held has an entry for each network that holds something, so its size is bounded by total.
	held map[string]int
}

func newNetworkLimit(perNetwork, total int) *networkLimit {
	return &networkLimit{perNetwork: perNetwork, total: total, held: map[string]int{}}
}

// holding is the result of acquire. It must be released once.
type holding struct {
	limit *networkLimit
	// networks are the keys that it counts for.
	networks clientNetworks
}

// acquire takes one unit for the network of an address. If the network or the server is at its limit, it takes nothing and
// returns false.
func (l *networkLimit) acquire(ip string) (holding, bool) {
	if l.perNetwork == 0 {
		return l.acquireExempt()
	}
	return l.take(holding{limit: l, networks: networksOf(ip)})
}

// acquireExempt takes one unit that counts against the total only.
func (l *networkLimit) acquireExempt() (holding, bool) { return l.take(holding{limit: l}) }

func (l *networkLimit) take(h holding) (holding, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all >= l.total {
		return holding{}, false
	}
	for i, most := range [...]int{l.perNetwork, siteFactor * l.perNetwork} {
		if h.networks[i] != "" && l.held[h.networks[i]] >= most {
			return holding{}, false
		}
	}
	l.all++
	for _, network := range h.networks {
		if network != "" {
			l.held[network]++
		}
	}
	return h, true
}

func (h holding) release() {
	h.limit.mu.Lock()
	defer h.limit.mu.Unlock()
	h.limit.all--
	for _, network := range h.networks {
		switch {
		case network == "":
		case h.limit.held[network] == 1:
			delete(h.limit.held, network)
		default:
			h.limit.held[network]--
		}
	}
}
