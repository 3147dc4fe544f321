package app

import (
	"log/slog"
	"net"
	"net/netip"

	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
)

// connectionBuffer is the size of the kernel's buffer for a connection in each direction; Linux doubles it. By default, the
// kernel buffers up to 4 MiB of responses that are not read. A client with a latency of 200 ms still gets 600 KiB a second.
const connectionBuffer = 64 << 10

// refusedLines limits the log lines a minute about closed connections.
const refusedLines = 1

// limited wraps a listener with the limits on connections and their streams.
func (a *App) limited(listener net.Listener) net.Listener {
	return &limitedListener{
		Listener: listener, connections: a.connections, streams: a.streams, work: a.work, exempt: a.addresses.trusts,
		log: slog.New(loglimit.Handler(a.cfg.Log.Handler(), refusedLines)),
	}
}

// limitedListener closes connections that are beyond a limit as soon as they are accepted.
type limitedListener struct {
	net.Listener
	connections, streams *networkLimit
	work                 *workBudget
	// exempt reports whether a peer has many clients behind it, so that only the totals count.
	exempt func(netip.Addr) bool
	log    *slog.Logger
}

// Accept returns the next connection that is within the limit.
func (l *limitedListener) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if limited := l.admit(conn); limited != nil {
			return limited, nil
		}
		l.log.Warn("a connection was closed: its network has too many or causes too much work, or all together have too many", "peer", conn.RemoteAddr())
		_ = conn.Close()
	}
}

// admit returns nil if the connection exceeds a limit.
func (l *limitedListener) admit(conn net.Conn) net.Conn {
	acquire := func(limit *networkLimit) func() (holding, bool) { return limit.acquireExempt }
	var work *workMeter
	if peer, ok := parseAddress(conn.RemoteAddr().String()); ok && !l.exempt(peer) {
		acquire = func(limit *networkLimit) func() (holding, bool) {
			ip := peer.String()
			return func() (holding, bool) { return limit.acquire(ip) }
		}
		client := networksOf(peer.String())
		if !l.work.spend(client, workConnection, workReserve) {
			return nil
		}
		work = newWorkMeter(l.work, client, func() {
			l.log.Warn("a connection was closed: it, or its network, causes too much work", "peer", conn.RemoteAddr())
		})
	}
	held, ok := acquire(l.connections)()
	if !ok {
		return nil
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		// If the system does not support it, its own sizes apply.
		_ = tcp.SetReadBuffer(connectionBuffer)
		_ = tcp.SetWriteBuffer(connectionBuffer)
	}
	return newLimitedConn(conn, held, newOpenStreams(acquire(l.streams)), work)
}
