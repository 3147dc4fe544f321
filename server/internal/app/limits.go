package app

import (
	"cmp"

	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// What may be open at the same time, from all networks together. By default a network may have an eighth of the connections and
// a sixteenth of the requests: people behind one address have open connections with nothing in flight.
//
// In bytes, as measured with the largest headers and bodies that the server takes:
//
//	an idle connection                               18 KiB
//	a client that sends PINGs and reads nothing     190 KiB
//	a connection of HTTP/1 with 7,000 headers       570 KiB
//	a call with a half-sent body                    150 KiB
//	a stream of HTTP/2 with 1,000 headers           230 KiB
//
// So one network holds at most 170 MiB: 256 connections of HTTP/1, or 256 of HTTP/2 with 512 streams. Calls as clients send
// them take a tenth of that. All networks together hold 8 times as much, when as many of them are hostile at once. The
// kernel's buffers add 256 KiB to each connection.
const (
	maxConnections = settings.MaxPerNetwork
	maxRequests    = settings.MaxPerNetwork
	// A stream counts from its first header to the end of its response, also if net/http responds. Requests beyond their limit
	// are refused, which takes a moment: a burst of them must not close connections.
	streamFactor = 4
	// The default of LATCHKEY_CALLS_PER_NETWORK.
	usualCalls = 128
	// Health checks count separately. A load balancer sends one at a time.
	maxProbes           = 64
	maxProbesPerNetwork = 8
)

// Limits on log lines a minute: for errors of pages, and for other errors with the same message. Only the access log has no
// limit.
const (
	pageErrorLines = 10
	messageLines   = 60
)

// limit creates the limits on what is open at the same time. Without rate limits, only the totals apply.
func (a *App) limit(s settings.Settings) {
	connections, requests, probes := s.Server.ConnectionsPerNetwork, s.Server.CallsPerNetwork, maxProbesPerNetwork
	// A network that needs more calls in flight also makes more calls.
	work := cmp.Or(a.cfg.networkWork, networkWork*max(1, float64(requests)/usualCalls))
	if s.Limits.Mode == ratelimit.Off {
		connections, requests, probes, work = 0, 0, 0, 0
	}
	a.work = newWorkBudget(work)
	a.connections = newNetworkLimit(connections, maxConnections)
	a.streams = newNetworkLimit(streamFactor*requests, streamFactor*maxRequests)
	a.requests = newInFlight(requests, maxRequests, a.work)
	a.probes = newInFlight(probes, maxProbes, a.work)
}
