package app

import (
	"sync"

	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

// siteFactor is how much more the /48 of an IPv6 address may hold than each /64 in it. A subscriber who is given a /48 has
// 65,536 networks to come from.
const siteFactor = 4

// clientNetworks are the keys under which a client counts: its IPv4 address or /64 of IPv6, and its /48. Empty ones do not count.
type clientNetworks [2]string

func networksOf(ip string) clientNetworks {
	return clientNetworks{ratelimit.Network(ip), ratelimit.Site(ip)}
}

// networkLimit bounds how much one client network, and all of them together, hold at the same time: connections, or calls
// in flight. Its methods may be called from many goroutines.
type networkLimit struct {
	// perNetwork is for an IPv4 address or a /64 of IPv6; 0 means no limit.
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

// holding is what acquire gave. It is released once.
type holding struct {
	limit *networkLimit
	// networks are the keys under which it counts.
	networks clientNetworks
}

// acquire takes one for the network of an address. It reports false, and takes nothing, when the network or the server has
// no room.
func (l *networkLimit) acquire(ip string) (holding, bool) {
	if l.perNetwork == 0 {
		return l.acquireExempt()
	}
	return l.take(holding{limit: l, networks: networksOf(ip)})
}

// acquireExempt takes one that counts only against the total.
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
