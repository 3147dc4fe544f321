package dbtest

import (
	"bytes"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Proxy is a TCP proxy that disturbs connections between a program and a server as networks do.
type Proxy struct {
	// Address is the address to connect to instead of the server's.
	Address string

	target   string
	listener net.Listener
	work     sync.WaitGroup

	mu       sync.Mutex
	links    map[*link]struct{}
	accepted int
	delay    time.Duration
	delays   Which
	swallows func(*link) bool
	refuses  bool
	closed   bool
}

// Which selects connections of a proxy.
type Which func(*link) bool

// All selects all connections, including future ones.
func All(*link) bool { return true }

// Listening selects connections to Postgres that wait for notifications.
func Listening(l *link) bool { return l.listening }

// Numbered selects the connections from the first to the last number, counted from 1 in the order in which they were accepted.
func Numbered(first, last int) Which {
	return func(l *link) bool { return first <= l.number && l.number <= last }
}

// NewProxy starts a proxy for a server. It runs until the test ends.
func NewProxy(t testing.TB, address string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		Address: listener.Addr().String(), target: address, listener: listener,
		links: map[*link]struct{}{}, delays: All, swallows: func(*link) bool { return false },
	}
	p.work.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// Before starts a proxy for a database, and returns the URL that leads through it.
func Before(t testing.TB, database string) (*Proxy, string) {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	p := NewProxy(t, u.Host)
	u.Host = p.Address
	return p, u.String()
}

// Delay delays everything that the server sends: each round trip takes that much longer.
func (p *Proxy) Delay(d time.Duration) { p.DelayOn(All, d) }

// DelayOn is Delay for the selected connections only. The others have no delay.
func (p *Proxy) DelayOn(which Which, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delays, p.delay = which, d
}

// Swallow makes connections black holes: they stay open, and pass no data in either direction.
func (p *Proxy) Swallow(which Which) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.swallows = which
	for l := range p.links {
		l.broken = l.broken || which(l)
	}
}

// Refuse closes all connections, including future ones, as if the server were down.
func (p *Proxy) Refuse() {
	p.refuse(true)
	p.Cut(All)
}

func (p *Proxy) refuse(refuses bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = refuses
}

// Pass lets new connections through again. Black holes stay black holes.
func (p *Proxy) Pass() {
	p.refuse(false)
	p.Swallow(func(*link) bool { return false })
}

// Cut closes connections. New ones can be made.
func (p *Proxy) Cut(which Which) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for l := range p.links {
		if which(l) {
			l.close()
		}
	}
}

func (p *Proxy) close() {
	_ = p.listener.Close()
	p.mu.Lock()
	p.closed = true
	for l := range p.links {
		l.close()
	}
	p.mu.Unlock()
	p.work.Wait()
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.work.Go(func() { p.serve(client) })
	}
}

// link is one connection. Its flags are guarded by the proxy's mutex.
type link struct {
	client, server    net.Conn
	listening, broken bool
	number            int
}

func (l *link) close() {
	_ = l.client.Close()
	_ = l.server.Close()
}

func (p *Proxy) serve(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		_ = client.Close()
		return
	}
	l := &link{client: client, server: server}
	p.mu.Lock()
	if p.closed || p.refuses {
		l.close()
	}
	p.accepted++
	l.number = p.accepted
	p.links[l] = struct{}{}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.links, l)
	}()
	var both sync.WaitGroup
	both.Go(func() { p.carry(l, client, server, p.asks) })
	both.Go(func() { p.carry(l, server, client, p.answers) })
	both.Wait()
}

// swallowed reports whether a connection is a black hole. It stays one, since data was lost.
func (p *Proxy) swallowed(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.broken = l.broken || p.swallows(l)
	return l.broken
}

// asks detects LISTEN in the data from the program. The data is due at once.
func (p *Proxy) asks(l *link, words []byte) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.listening = l.listening || bytes.Contains(bytes.ToUpper(words), []byte("LISTEN "))
	return time.Now()
}

// answers returns when data from the server is due: after the delay.
func (p *Proxy) answers(l *link, _ []byte) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.delays(l) {
		return time.Now()
	}
	return time.Now().Add(p.delay)
}

// piece is a piece of data, with the time when it is due.
type piece struct {
	bytes []byte
	due   time.Time
}

// carry forwards data from one side to the other, until either is closed.
func (p *Proxy) carry(l *link, from, to net.Conn, due func(*link, []byte) time.Time) {
	pieces := make(chan piece, 64)
	var sending sync.WaitGroup
	sending.Go(func() { p.send(l, to, pieces) })
	defer sending.Wait()
	defer close(pieces)
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			pieces <- piece{bytes: bytes.Clone(buffer[:n]), due: due(l, buffer[:n])}
		}
		if err != nil {
			return
		}
	}
}

func (p *Proxy) send(l *link, to net.Conn, pieces <-chan piece) {
	defer l.close()
	for piece := range pieces {
		if wait := time.Until(piece.due); wait > 0 {
			<-time.After(wait)
		}
		if p.swallowed(l) {
			continue
		}
		if _, err := to.Write(piece.bytes); err != nil {
			// Now, so that both readers end.
			l.close()
		}
	}
}
