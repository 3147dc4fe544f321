package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// maxFrame is the largest frame that the server accepts.
const maxFrame = 16 << 10

// attacker opens connections from one address and completes no request.
type attacker struct {
	env *latchkeytest.Env
	// from is a loopback address; for the server, each is a separate network.
	from string

	mu    sync.Mutex
	conns []net.Conn
	// The server's reactions.
	closed, resets, answers atomic.Int64
	// withoutBody counts the responses that are a status alone.
	withoutBody atomic.Int64
}

func newAttacker(t testing.TB, env *latchkeytest.Env, from string) *attacker {
	t.Helper()
	a := &attacker{env: env, from: from}
	t.Cleanup(a.leave)
	return a
}

// leave closes all connections.
func (a *attacker) leave() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, conn := range a.conns {
		_ = conn.Close()
	}
	a.conns = nil
}

func (a *attacker) dial(t testing.TB) net.Conn {
	t.Helper()
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(a.from)}, Timeout: 10 * time.Second}
	conn, err := dialer.DialContext(t.Context(), "tcp", strings.TrimPrefix(a.env.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.conns = append(a.conns, conn)
	return conn
}

// isLetIn opens a connection, keeps it, and reports whether the server serves it.
func (a *attacker) isLetIn(t testing.TB) bool {
	t.Helper()
	conn := a.dial(t)
	_, _ = io.WriteString(conn, "GET /healthz HTTP/1.1\r\nHost: zqx\r\n\r\n")
	n, _ := conn.Read(make([]byte, 1))
	return n == 1
}

// holdsCall begins a call with further headers, whose body does not end. It reports whether the server waits for the body.
func (a *attacker) holdsCall(t testing.TB, headers ...string) bool {
	t.Helper()
	conn := a.dial(t)
	_, _ = io.WriteString(conn, "POST "+signIn+" HTTP/1.1\r\nHost: zqx\r\nContent-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n"+
		strings.Join(headers, "")+"\r\n")
	status := make([]byte, len("HTTP/1.1 100"))
	_, _ = io.ReadFull(conn, status)
	return string(status) == "HTTP/1.1 100"
}

// http2Conn is an HTTP/2 connection on which the attacker writes each frame.
type http2Conn struct {
	by     *attacker
	conn   net.Conn
	framer *http2.Framer
	header bytes.Buffer
	hpack  *hpack.Encoder

	mu     sync.Mutex
	window int
	room   *sync.Cond
	gone   bool
	// answered holds the streams on which the server needs no more data.
	answered map[uint32]bool
}

// openHTTP2 opens a connection that offers each stream a window for the response, and reads what arrives.
func (a *attacker) openHTTP2(t testing.TB, window uint32) *http2Conn {
	t.Helper()
	c := &http2Conn{by: a, conn: a.dial(t), window: 65_535, answered: map[uint32]bool{}}
	c.framer, c.hpack, c.room = http2.NewFramer(c.conn, c.conn), hpack.NewEncoder(&c.header), sync.NewCond(&c.mu)
	_, _ = c.conn.Write([]byte(http2.ClientPreface))
	_ = c.framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: window})
	go c.read()
	return c
}

func (c *http2Conn) read() {
	defer func() {
		c.by.closed.Add(1)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.gone = true
		c.room.Broadcast()
	}()
	for {
		frame, err := c.framer.ReadFrame()
		if err != nil {
			return
		}
		switch f := frame.(type) {
		case *http2.WindowUpdateFrame:
			if f.StreamID == 0 {
				c.mu.Lock()
				c.window += int(f.Increment)
				c.room.Broadcast()
				c.mu.Unlock()
			}
		case *http2.RSTStreamFrame:
			c.by.resets.Add(1)
		case *http2.HeadersFrame:
			c.by.answers.Add(1)
			c.mu.Lock()
			c.answered[f.StreamID] = true
			c.room.Broadcast()
			c.mu.Unlock()
			if f.StreamEnded() {
				c.by.withoutBody.Add(1)
			}
		}
	}
}

// begin opens a stream with the headers of a call.
func (c *http2Conn) begin(stream uint32, path string, end bool, extra ...hpack.HeaderField) error {
	c.header.Reset()
	for _, field := range append([]hpack.HeaderField{
		{Name: ":method", Value: "POST"},
		{Name: ":scheme", Value: "http"},
		{Name: ":path", Value: path},
		{Name: ":authority", Value: "zqx"},
		{Name: "content-type", Value: "application/json"},
	}, extra...) {
		_ = c.hpack.WriteField(field)
	}
	return c.framer.WriteHeaders(http2.HeadersFrameParam{
		StreamID: stream, BlockFragment: c.header.Bytes(), EndStream: end, EndHeaders: true,
	})
}

// send writes data until the server's windows are used up or it has responded, and reports whether the connection is still open.
func (c *http2Conn) send(stream uint32, data []byte, end bool) bool {
	for len(data) > 0 {
		n := min(len(data), maxFrame)
		c.mu.Lock()
		for c.window < n && !c.gone && !c.answered[stream] {
			c.room.Wait()
		}
		gone, answered := c.gone, c.answered[stream]
		if !gone && !answered {
			c.window -= n
		}
		c.mu.Unlock()
		if answered {
			return true
		}
		if gone || c.framer.WriteData(stream, end && n == len(data), data[:n]) != nil {
			return false
		}
		data = data[n:]
	}
	return true
}

// call makes a complete call. The attacker may not read the response.
func (c *http2Conn) call(stream uint32, path string) bool {
	return c.begin(stream, path, false) == nil && c.send(stream, []byte(`{}`), true)
}

// headerBlock encodes a call with many headers. It does not change the HPACK tables, so every stream can begin with it.
func headerBlock(headers int, extra ...hpack.HeaderField) []byte {
	fields := []hpack.HeaderField{
		{Name: ":method", Value: "POST"}, {Name: ":scheme", Value: "http"}, {Name: ":path", Value: signIn}, {Name: ":authority", Value: "zqx"},
	}
	for i := range headers {
		fields = append(fields, hpack.HeaderField{Name: fmt.Sprintf("%x", i), Value: ""})
	}
	var block bytes.Buffer
	encoder := hpack.NewEncoder(&block)
	for _, field := range append(fields, extra...) {
		field.Sensitive = true
		_ = encoder.WriteField(field)
	}
	return block.Bytes()
}

// beginWith opens a stream with headers, in as many frames as they need.
func (c *http2Conn) beginWith(stream uint32, block []byte) error {
	first := min(len(block), maxFrame)
	err := c.framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block[:first], EndHeaders: first == len(block)})
	for block = block[first:]; len(block) > 0 && err == nil; {
		n := min(len(block), maxFrame)
		err = c.framer.WriteContinuation(stream, n == len(block), block[:n])
		block = block[n:]
	}
	return err
}

// connectionHeader is not allowed in HTTP/2 (RFC 9113 section 8.2.2).
var connectionHeader = hpack.HeaderField{Name: "connection", Value: "close"}
