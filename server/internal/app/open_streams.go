package app

import (
	"strings"
	"sync"
	"time"
)

// resetLinger is how long a stream still counts after it was reset. net/http keeps its request until a handler has begun and
// ended, and up to 400 requests of a connection wait for that. A client that opens and resets streams endlessly would fill the
// memory with them.
const resetLinger = time.Second

// openStreams counts the open streams of an HTTP/2 connection against a limit of its network.
//
// A limit on requests is not enough, since some requests never reach a handler: net/http itself answers requests whose headers
// are too long or not allowed. Each such response waits for the client's window like any other, and keeps the request in memory.
type openStreams struct {
	acquire func() (holding, bool)

	mu sync.Mutex
	// preface is the rest of the bytes that open HTTP/2. Other connections do not match it, and are not scanned.
	preface string
	http1   bool
	// newest is the highest stream number: another frame of headers for that stream ends its body.
	newest   uint32
	held     map[uint32]*heldStream
	in, out  frameScanner
	released bool
}

// heldStream is a stream that counts.
type heldStream struct {
	holding
	// lingers means that the stream was reset, and is closed after resetLinger.
	lingers bool
}

func newOpenStreams(acquire func() (holding, bool)) *openStreams {
	return &openStreams{acquire: acquire, preface: http2Preface, held: map[uint32]*heldStream{}}
}

// received reads what a client has sent. It returns the work that the frames cause. It returns false if one of them opens a
// stream beyond the limit.
func (s *openStreams) received(data []byte) (work float64, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http1 {
		return 0, true
	}
	if n := min(len(s.preface), len(data)); n > 0 {
		if !strings.HasPrefix(s.preface, string(data[:n])) {
			s.http1 = true
			return 0, true
		}
		s.preface, data = s.preface[n:], data[n:]
	}
	ok = s.in.scan(data, func(frame frameHeader) bool {
		work += workFrame
		switch {
		case frame.kind == frameHeaders && frame.stream > s.newest:
			work += workStream
			return s.open(frame.stream)
		case frame.kind == frameReset:
			s.linger(frame.stream)
		}
		return true
	})
	return work, ok
}

// sent reads what the server has sent.
func (s *openStreams) sent(data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.http1 || s.preface != "" {
		return
	}
	s.out.scan(data, func(frame frameHeader) bool {
		switch {
		case (frame.kind == frameData || frame.kind == frameHeaders) && frame.flags&flagEndStream != 0:
			s.close(frame.stream)
		case frame.kind == frameReset:
			s.linger(frame.stream)
		}
		return true
	})
}

func (s *openStreams) open(stream uint32) bool {
	s.newest = stream
	if s.released {
		return false
	}
	held, ok := s.acquire()
	if ok {
		s.held[stream] = &heldStream{holding: held}
	}
	return ok
}

// linger closes a reset stream after resetLinger.
func (s *openStreams) linger(stream uint32) {
	held, ok := s.held[stream]
	// A client may reset a stream any number of times: one timer is enough.
	if !ok || held.lingers {
		return
	}
	held.lingers = true
	time.AfterFunc(resetLinger, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.close(stream)
	})
}

func (s *openStreams) close(stream uint32) {
	if held, ok := s.held[stream]; ok {
		delete(s.held, stream)
		held.release()
	}
}

// release returns what the connection still holds when it is closed.
func (s *openStreams) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.released = true
	for stream := range s.held {
		s.close(stream)
	}
}
