package app_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"runtime/metrics"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const mebibyte = 1 << 20

// mostHeld bounds what the server holds for one network, with what the attacker takes in the same program, and with the
// garbage that was made during the collection that measured it. Requests with a thousand headers take most of it.
const mostHeld = 256 * mebibyte

// flood is what each of the connections of an attack does until the server closes it.
type flood struct {
	connections int
	run         func(t testing.TB, a *attacker)
}

// As many headers as the server takes, and more than it takes.
var allowed, tooLong = headerBlock(800), headerBlock(1_100)

// floods hold calls, answers and connections open. Before there were limits, the first held 1,935 MiB, the second 1,602 MiB
// and the third 3,492 MiB.
var floods = map[string]flood{
	"half-sent bodies": {200, func(t testing.TB, a *attacker) {
		c := a.openHTTP2(t, 65_535)
		body := []byte(`{"k":"` + strings.Repeat("z", 63<<10))
		for i := range uint32(100) {
			if c.begin(2*i+1, signIn, false) != nil || !c.send(2*i+1, body, false) {
				return
			}
		}
	}},
	"answers that are not read": {200, func(t testing.TB, a *attacker) {
		c := a.openHTTP2(t, 0)
		for i := range uint32(100) {
			if !c.call(2*i+1, getSettings) {
				return
			}
		}
	}},
	"answers to long headers that are not read": {140, func(t testing.TB, a *attacker) {
		c := a.openHTTP2(t, 0)
		for i := range uint32(60) {
			if c.beginWith(2*i+1, tooLong) != nil {
				return
			}
		}
	}},
	"streams that are reset": {140, func(t testing.TB, a *attacker) {
		c := a.openHTTP2(t, 65_535)
		for i := range uint32(60) {
			if c.beginWith(2*i+1, allowed) != nil || c.framer.WriteRSTStream(2*i+1, http2.ErrCodeCancel) != nil {
				return
			}
		}
	}},
	"pings whose answers are not read": {140, func(t testing.TB, a *attacker) {
		conn := a.dial(t)
		// So that the server's answers do not end up in the attacker's own system.
		_ = conn.(*net.TCPConn).SetReadBuffer(4 << 10)
		var frames bytes.Buffer
		framer := http2.NewFramer(&frames, nil)
		_ = framer.WriteSettings()
		_, _ = io.WriteString(conn, http2.ClientPreface+frames.String())
		frames.Reset()
		for range 1_000 {
			_ = framer.WritePing(false, [8]byte{})
		}
		for range 30 {
			if _, err := conn.Write(frames.Bytes()); err != nil {
				return
			}
		}
	}},
	"half-sent bodies, HTTP/1": {200, func(t testing.TB, a *attacker) {
		_, _ = io.WriteString(a.dial(t), manyHeaders("Content-Type: application/json\r\nContent-Length: 65000\r\n")+"\r\n"+strings.Repeat("z", 64_000))
	}},
	"slow headers, HTTP/1": {200, func(t testing.TB, a *attacker) {
		_, _ = io.WriteString(a.dial(t), manyHeaders(""))
	}},
	"idle connections": {200, func(t testing.TB, a *attacker) { a.dial(t) }},
}

// manyHeaders begins a request with as many headers as the server takes.
func manyHeaders(first string) string {
	var request strings.Builder
	request.WriteString("POST " + signIn + " HTTP/1.1\r\nHost: zqx\r\n" + first)
	for i := 0; request.Len() < 35<<10; i++ {
		fmt.Fprintf(&request, "%x:\r\n", i)
	}
	return request.String()
}

// One address cannot take the memory of the server, nor its service from others. Alone, since the heap is the whole program's.
//
//nolint:paralleltest // for this very reason
func TestAP04_OneNetworkCannotFillTheMemory(t *testing.T) {
	for name, flood := range floods {
		t.Run(name, func(t *testing.T) {
			env := latchkeytest.New(t)
			env.AwaitJobs()
			other := clientFrom(t, "127.0.0.2", http1, true)
			if got := asks(t, other, env.URL, ""); got != http.StatusOK {
				t.Fatalf("before: got %d", got)
			}
			before, serving := memory(), connectionsServed()

			a := newAttacker(t, env, "127.0.0.1")
			attack(t, a, flood)
			ask := func() time.Duration {
				begun := time.Now()
				if got := asks(t, other, env.URL, ""); got != http.StatusOK {
					t.Errorf("another network: got %d", got)
				}
				return time.Since(begun)
			}
			most, slowest := watch(t, a, ask)
			t.Logf("it holds %d MiB; another network waits %v at most; %d connections were closed, %d streams reset, %d calls answered",
				(most-before)/mebibyte, slowest.Round(time.Millisecond), a.closed.Load(), a.resets.Load(), a.answers.Load())
			if most-before > mostHeld {
				t.Errorf("it may hold %d MiB", mostHeld/mebibyte)
			}
			// While the attacker works, it shares the processors with everyone. What it holds costs others nothing: they do not
			// wait until the server gives its connections up, after 10 seconds or more.
			if quick := min(ask(), ask(), ask()); quick > 5*time.Second {
				t.Errorf("another network waits %v", quick)
			}

			a.leave()
			await(t, "nothing of it is left", func() bool { return connectionsServed() <= serving })
			await(t, "its network is served again", func() bool {
				return asks(t, clientFrom(t, "127.0.0.1", http1, false), env.URL, "") == http.StatusOK
			})
		})
	}
}

// attack runs a flood on all its connections.
func attack(t testing.TB, a *attacker, f flood) {
	t.Helper()
	var group sync.WaitGroup
	for range f.connections {
		group.Go(func() { f.run(t, a) })
	}
	// What waits for the server ends when the attacker leaves.
	t.Cleanup(group.Wait)
	t.Cleanup(a.leave)
}

// watch looks at the memory until the server has done with the attack what it does, and meanwhile at how others fare.
func watch(t testing.TB, a *attacker, ask func() time.Duration) (most int, slowest time.Duration) {
	t.Helper()
	ticker, timeout := time.NewTicker(100*time.Millisecond), time.After(30*time.Second)
	defer ticker.Stop()
	done, quiet := int64(-1), 0
	for quiet < 5 {
		select {
		case <-ticker.C:
		case <-timeout:
			return most, slowest
		}
		most, slowest = max(most, memory()), max(slowest, ask())
		now := a.closed.Load() + a.resets.Load() + a.answers.Load()
		if quiet++; now != done {
			done, quiet = now, 0
		}
	}
	return most, slowest
}

// memory returns what a collection has found in use in the whole program, the attacker included. MemStats would add the garbage
// made since: while the machine is busy, that is more than the server holds.
func memory() int {
	runtime.GC()
	held := []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	metrics.Read(held)
	return int(held[0].Value.Uint64() + held[1].Value.Uint64())
}

// connectionsServed counts the goroutines that serve a connection, of either version of HTTP.
func connectionsServed() int {
	stacks := make([]byte, 16*mebibyte)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return bytes.Count(stacks, []byte("net/http.(*conn).serve("))
}
