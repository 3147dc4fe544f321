package dbtest

import (
	"bytes"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"
)

// Proxy stands between a program and a server, and does to their connections what networks do.
type Proxy struct {
	// Address is where to connect instead of the server.
	Address string

	target   string
	listener net.Listener
	work     sync.WaitGroup

	mu       sync.Mutex
	links    map[*link]struct{}
	delay    time.Duration
	swallows func(*link) bool
	closed   bool
}

// Which tells the connections of a proxy apart.
type Which func(*link) bool

// All are all connections, and those to come.
func All(*link) bool { return true }

// Listening are the connections to Postgres that wait for notifications.
func Listening(l *link) bool { return l.listening }

// NewProxy stands before a server until the test ends.
func NewProxy(t testing.TB, address string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{
		Address: listener.Addr().String(), target: address, listener: listener,
		links: map[*link]struct{}{}, swallows: func(*link) bool { return false },
	}
	p.work.Go(p.accept)
	t.Cleanup(p.close)
	return p
}

// Before stands before a database, and gives the URL that leads through the proxy.
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

// Delay holds back for so long whatever the program sends, so that each round trip takes that much longer.
func (p *Proxy) Delay(d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.delay = d
}

// Swallow makes connections black holes: they stay open, and nothing comes through any more, either way.
func (p *Proxy) Swallow(which Which) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.swallows = which
	for l := range p.links {
		l.broken = l.broken || which(l)
	}
}

// Pass lets connections through again that are made from now on. Those that were black holes stay so.
func (p *Proxy) Pass() { p.Swallow(func(*link) bool { return false }) }

// Cut closes connections. Others can be made.
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
	if p.closed {
		l.close()
	}
	p.links[l] = struct{}{}
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.links, l)
	}()
	var both sync.WaitGroup
	both.Go(func() { p.answers(l) })
	both.Go(func() { p.questions(l) })
	both.Wait()
}

// swallowed tells whether a connection is a black hole. Once it is, it stays so: what was sent is lost.
func (p *Proxy) swallowed(l *link) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.broken = l.broken || p.swallows(l)
	return l.broken
}

func (p *Proxy) answers(l *link) {
	defer l.close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := l.server.Read(buffer)
		if n > 0 && !p.swallowed(l) {
			if _, err := l.client.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// piece is something that was sent, and when it is due.
type piece struct {
	bytes []byte
	due   time.Time
}

func (p *Proxy) questions(l *link) {
	pieces := make(chan piece, 64)
	var sending sync.WaitGroup
	sending.Go(func() { p.send(l, pieces) })
	defer sending.Wait()
	defer close(pieces)
	buffer := make([]byte, 32<<10)
	for {
		n, err := l.client.Read(buffer)
		if n > 0 {
			pieces <- piece{bytes: bytes.Clone(buffer[:n]), due: p.due(l, buffer[:n])}
		}
		if err != nil {
			return
		}
	}
}

// due tells when something is to be sent on, and notes what it tells about its connection.
func (p *Proxy) due(l *link, sent []byte) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	l.listening = l.listening || bytes.Contains(bytes.ToUpper(sent), []byte("LISTEN "))
	return time.Now().Add(p.delay)
}

func (p *Proxy) send(l *link, pieces <-chan piece) {
	defer l.close()
	for piece := range pieces {
		if wait := time.Until(piece.due); wait > 0 {
			<-time.After(wait)
		}
		if p.swallowed(l) {
			continue
		}
		if _, err := io.Copy(l.server, bytes.NewReader(piece.bytes)); err != nil {
			// Closed by now, so that its reader ends too.
			l.close()
		}
	}
}
