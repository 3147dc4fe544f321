package app

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http2"
)

// The frames are the same, however the bytes are split.
func TestFramesAreFoundWhereverTheBytesAreCut(t *testing.T) {
	t.Parallel()
	var written bytes.Buffer
	framer := http2.NewFramer(&written, nil)
	for _, write := range []func() error{
		func() error { return framer.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1}) },
		func() error {
			return framer.WriteHeaders(http2.HeadersFrameParam{StreamID: 1, BlockFragment: bytes.Repeat([]byte{1}, 10_000)})
		},
		func() error { return framer.WriteContinuation(1, true, nil) },
		func() error { return framer.WriteData(1, false, []byte(strings.Repeat("\x00\x00\x09\x01\x01", 2_000))) },
		func() error { return framer.WriteData(1, true, nil) },
		func() error { return framer.WriteRSTStream(1<<31-1, http2.ErrCodeCancel) },
		func() error { return framer.WritePing(false, [8]byte{}) },
	} {
		if err := write(); err != nil {
			t.Fatal(err)
		}
	}
	want := []frameHeader{
		{kind: 4},
		{kind: frameHeaders, stream: 1},
		{kind: 9, flags: 4, stream: 1},
		{kind: frameData, stream: 1},
		{kind: frameData, flags: flagEndStream, stream: 1},
		{kind: frameReset, stream: 1<<31 - 1},
		{kind: 6},
	}
	for seed := range uint64(200) {
		random := rand.New(rand.NewPCG(seed, 0))
		var scanner frameScanner
		var got []frameHeader
		for rest := written.Bytes(); len(rest) > 0; {
			n := min(len(rest), 1+random.IntN(1+int(seed)*20))
			scanner.scan(rest[:n], func(h frameHeader) bool {
				got = append(got, h)
				return true
			})
			rest = rest[n:]
		}
		if diff := cmp.Diff(want, got, cmp.AllowUnexported(frameHeader{})); diff != "" {
			t.Fatalf("seed %d (-want +got)\n%s", seed, diff)
		}
	}
}
