package app

import (
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"
)

func pipe(t *testing.T, connections, streams *networkLimit) (server *limitedConn, client net.Conn) {
	t.Helper()
	inner, client := net.Pipe()
	held, ok := connections.acquire("192.0.2.1")
	if !ok {
		t.Fatal("there is no room")
	}
	server = newLimitedConn(inner, held, newOpenStreams(func() (holding, bool) { return streams.acquire("192.0.2.1") }), nil)
	t.Cleanup(func() {
		_ = server.Close()
		_ = client.Close()
	})
	return server, client
}

func TestAP04_AConnectionGivesItsPlaceBackOnce(t *testing.T) {
	t.Parallel()
	connections, streams := newNetworkLimit(4, 8), newNetworkLimit(4, 8)
	server, client := pipe(t, connections, streams)
	other, _ := pipe(t, connections, streams)
	go func() {
		_, _ = io.WriteString(client, http2Preface+
			"\x00\x00\x00\x04\x00\x00\x00\x00\x00"+ // SETTINGS
			"\x00\x00\x01\x01\x04\x00\x00\x00\x01z"+ // HEADERS of stream 1
			"\x00\x00\x01\x01\x05\x00\x00\x00\x01z"+ // its trailers
			"\x00\x00\x01\x01\x04\x00\x00\x00\x03z") // HEADERS of stream 3
		_, _ = io.Copy(io.Discard, client)
	}()
	if _, err := io.ReadFull(server, make([]byte, len(http2Preface)+9+10+10+10)); err != nil {
		t.Fatal(err)
	}
	if streams.all != 2 {
		t.Errorf("%d streams are open, want 2", streams.all)
	}
	// The end of stream 1.
	if _, err := io.WriteString(server, "\x00\x00\x00\x00\x01\x00\x00\x00\x01"); err != nil {
		t.Fatal(err)
	}
	if streams.all != 1 {
		t.Errorf("%d streams are open, want 1", streams.all)
	}
	for range 3 {
		_ = server.Close()
	}
	if connections.all != 1 || streams.all != 0 {
		t.Errorf("%d connections and %d streams are open, want 1 and 0", connections.all, streams.all)
	}
	_ = other.Close()
	if connections.all != 0 || len(connections.held) != 0 || len(streams.held) != 0 {
		t.Errorf("something is left: %v %v", connections.held, streams.held)
	}
}

// Other protocols have no streams, whatever their bytes look like.
func TestAP04_HTTP1HasNoStreams(t *testing.T) {
	t.Parallel()
	streams := newNetworkLimit(4, 8)
	s := newOpenStreams(func() (holding, bool) { return streams.acquire("192.0.2.1") })
	for _, data := range []string{"PR", "I * HTTP/1.1\r\n\r\n", "\x00\x00\x01\x01\x04\x00\x00\x00\x01z", http2Preface} {
		if _, ok := s.received([]byte(data)); !ok {
			t.Errorf("%q is refused", data)
		}
		s.sent([]byte(data))
	}
	if streams.all != 0 {
		t.Errorf("%d streams are open", streams.all)
	}
}

// The server does not read from a client that does not read, so that responses cannot fill the memory.
func TestAP04_AClientThatDoesNotReadIsNotRead(t *testing.T) {
	t.Parallel()
	server, client := pipe(t, newNetworkLimit(4, 8), newNetworkLimit(4, 8))
	var written atomic.Bool
	go func() {
		_, _ = server.Write([]byte("an answer"))
		written.Store(true)
	}()
	go func() {
		for {
			if _, err := client.Write(make([]byte, 1<<10)); err != nil {
				return
			}
		}
	}()
	// The write holds its lock before the client can read from it.
	first := make([]byte, 1)
	if _, err := io.ReadFull(client, first); err != nil {
		t.Fatal(err)
	}

	readMore := make(chan bool)
	go func() {
		buffer := make([]byte, 1<<10)
		for range 2*readAhead/len(buffer) + 1 {
			if _, err := server.Read(buffer); err != nil {
				return
			}
		}
		readMore <- written.Load()
	}()
	select {
	case <-readMore:
		t.Fatal("more is read than may be ahead of the answer")
	case <-time.After(50 * time.Millisecond):
	}
	if _, err := io.ReadFull(client, make([]byte, len("n answer"))); err != nil {
		t.Fatal(err)
	}
	if after := <-readMore; !after {
		t.Error("it is read before the answer is")
	}
}
