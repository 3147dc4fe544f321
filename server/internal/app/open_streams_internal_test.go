package app

import "testing"

// Go's server takes resets of a stream that it has closed already, as many as a client sends.
//
//nolint:paralleltest // allocations of parallel tests would be counted too
func TestAP04_ResettingAStreamAgainAllocatesNothing(t *testing.T) {
	limit := newNetworkLimit(10, 10)
	s := newOpenStreams(func() (holding, bool) { return limit.acquire("192.0.2.1") })
	s.received([]byte(http2Preface))
	s.received([]byte{0, 0, 0, frameHeaders, 0, 0, 0, 0, 1})
	reset := []byte{0, 0, 4, frameReset, 0, 0, 0, 0, 1, 0, 0, 0, 8}
	s.received(reset)

	if n := testing.AllocsPerRun(1000, func() { s.received(reset) }); n > 0 {
		t.Errorf("another reset makes %v allocations", n)
	}
}
