package app_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/http2"

	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// littleWork allows a network so little work that every machine is fast enough to exceed it.
const littleWork = 2_000

// frameFloods cost a client almost nothing, and the server much more. Each writes endlessly.
var frameFloods = map[string]func(f *http2.Framer) error{
	"PING":          func(f *http2.Framer) error { return f.WritePing(false, [8]byte{}) },
	"answered PING": func(f *http2.Framer) error { return f.WritePing(true, [8]byte{}) },
	"SETTINGS": func(f *http2.Framer) error {
		return f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 65_535})
	},
	"WINDOW_UPDATE":     func(f *http2.Framer) error { return f.WriteWindowUpdate(1, 1) },
	"PRIORITY":          func(f *http2.Framer) error { return f.WritePriority(3, http2.PriorityParam{}) },
	"empty DATA":        func(f *http2.Framer) error { return f.WriteData(1, false, nil) },
	"DATA of a byte":    func(f *http2.Framer) error { return f.WriteData(1, false, []byte("a")) },
	"unknown":           func(f *http2.Framer) error { return f.WriteRawFrame(0x42, 0, 1, nil) },
	"unknown, a stream": func(f *http2.Framer) error { return f.WriteRawFrame(0xff, 0xff, 99, []byte("a")) },
}

// Tiny frames keep a few hundred goroutines busy, and delay all others.
func TestAP04_FramesWithoutPayloadHaveABudget(t *testing.T) {
	t.Parallel()
	for name, write := range frameFloods {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t, app.LimitWork(littleWork))
			a := newAttacker(t, env, "127.0.0.1")
			c := a.openHTTP2(t, 65_535)
			_ = c.begin(1, signIn, false)
			frames := 0
			// The client can write as many frames after the end as the system's buffers hold.
			for frames < 1_000_000 && write(c.framer) == nil {
				frames++
			}
			await(t, "the connection is closed", func() bool { return a.closed.Load() == 1 })
			if got := asks(t, clientFrom(t, "127.0.0.2", http2Only, true), env.URL, ""); got != http.StatusOK {
				t.Errorf("another network: got %d", got)
			}
			await(t, "its network is served again", func() bool {
				return asks(t, clientFrom(t, "127.0.0.1", http2Only, false), env.URL, "") == http.StatusOK
			})
		})
	}
}

// HTTP/1 has similar floods.
func TestAP04_TinyPartsOfHTTP1HaveABudget(t *testing.T) {
	t.Parallel()
	for name, flood := range map[string]struct{ first, again string }{
		"chunks of a byte": {
			"POST " + signIn + " HTTP/1.1\r\nHost: zqx\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n",
		},
		"pipelined requests": {"", "GET /healthz HTTP/1.1\r\nHost: zqx\r\n\r\n"},
		"refused requests":   {"", "GET /none HTTP/1.1\r\nHost: zqx\r\n\r\n"},
		"refused calls":      {"", "POST " + signIn + " HTTP/1.1\r\nHost: zqx\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t, app.LimitWork(littleWork))
			a := newAttacker(t, env, "127.0.0.1")
			block := []byte(strings.Repeat(flood.again, 100))
			await(t, "the network is refused a connection", func() bool {
				conn := a.dial(t)
				go func() { _, _ = io.Copy(io.Discard, conn) }()
				_, _ = io.WriteString(conn, flood.first)
				for range 1_000 {
					if _, err := conn.Write(block); err != nil {
						break
					}
				}
				return !a.isLetIn(t)
			})
			if got := asks(t, clientFrom(t, "127.0.0.2", http1, false), env.URL, ""); got != http.StatusOK {
				t.Errorf("another network: got %d", got)
			}
		})
	}
}

// Opening and closing connections endlessly does not avoid the limit.
func TestAP04_NewConnectionsHaveABudget(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, app.LimitWork(littleWork))
	a := newAttacker(t, env, "127.0.0.1")
	await(t, "the network is refused a connection", func() bool {
		letIn := a.isLetIn(t)
		a.leave()
		return !letIn
	})
	if got := asks(t, clientFrom(t, "127.0.0.2", http1, false), env.URL, ""); got != http.StatusOK {
		t.Errorf("another network: got %d", got)
	}
	await(t, "its network is served again", func() bool {
		return asks(t, clientFrom(t, "127.0.0.1", http1, false), env.URL, "") == http.StatusOK
	})
}

// A network with too many requests gets an error before it loses its connections.
func TestAP04_TooManyRequestsGetAWait(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, app.LimitWork(littleWork))
	client := clientFrom(t, "127.0.0.1", http1, true)
	got := http.StatusOK
	for range 10_000 {
		if got = asks(t, client, env.URL, ""); got != http.StatusOK {
			break
		}
	}
	if got != http.StatusTooManyRequests {
		t.Errorf("got %d", got)
	}
}

// Busy clients can send the frames and requests that they need, over one connection.
func TestAP04_ABusyClientStaysWithinItsBudget(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	for name, protocol := range map[string]func(*http.Protocols, bool){"HTTP/1": http1, "HTTP/2": http2Only} {
		client := clientFrom(t, "127.0.0.3", protocol, true)
		for range 300 {
			if got := asks(t, client, env.URL, ""); got != http.StatusOK {
				t.Fatalf("%s: got %d", name, got)
			}
		}
	}
	// The largest message, in frames of a usual size.
	request := bytes.NewReader(bytes.Repeat([]byte(" "), 60<<10))
	response, err := clientFrom(t, "127.0.0.3", http2Only, true).Post(env.URL+getSettings, "application/json", request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode == http.StatusTooManyRequests {
		t.Errorf("a large message: got %d", response.StatusCode)
	}
}
