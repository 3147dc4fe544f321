package rpc_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"runtime"
	"testing"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// malformed is a message that cannot be decoded.
func malformed(way speech) []byte {
	if way.json() {
		return []byte(`{"email":`)
	}
	return []byte{0x0a, 0x7f, 'z'}
}

// Calls whose message cannot be decoded leave nothing behind, however they end: answered, refused for a second message, or
// given up halfway. Alone, since the heap is the whole program's.
//
//nolint:paralleltest // for this very reason
func TestAP02_UnreadableMessagesLeaveNothingBehind(t *testing.T) {
	env := latchkeytest.New(t)
	http2 := env.HTTP2()
	all := func(calls int) {
		for _, way := range speeches {
			client := env.HTTP
			if way.http2 {
				client = http2
			}
			frame := malformed(way)
			if way.enveloped {
				frame = inEnvelope(frame)
			}
			for _, call := range []func(){
				func() { exhaust(client, unreadableRequest(t, env, way, bytes.NewReader(frame))) },
				func() { exhaust(client, unreadableRequest(t, env, way, bytes.NewReader(append(frame, frame...)))) },
				func() { exhaust(client, unreadableRequest(t, env, way, bytes.NewReader(append(frame, 0, 0, 0)))) },
				func() { reset(t, client, env, way, frame) },
			} {
				for range calls {
					call()
				}
			}
			client.CloseIdleConnections()
		}
	}
	// What pools and caches keep, they keep after these.
	all(20)
	heap := liveHeap()

	all(400)

	const tolerance = 1 << 20
	awaitQuiet(t, heap+tolerance)
	t.Logf("11,200 calls: a heap of %d KiB before, and of %d KiB after", heap>>10, liveHeap()>>10)
}

func unreadableRequest(t testing.TB, env *latchkeytest.Env, way speech, body io.Reader) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, env.URL+signIn, body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", way.contentType)
	return request
}

func exhaust(client *http.Client, request *http.Request) {
	response, err := client.Transport.RoundTrip(request)
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
}

// reset cancels a call after its first frame was sent and before its body ends.
func reset(t testing.TB, client *http.Client, env *latchkeytest.Env, way speech, frame []byte) {
	t.Helper()
	body, sending := io.Pipe()
	ctx, cancel := context.WithCancel(t.Context())
	request := unreadableRequest(t, env, way, body).WithContext(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		exhaust(client, request)
	}()
	_, _ = sending.Write(frame)
	cancel()
	_ = sending.CloseWithError(context.Canceled)
	<-done
}

// liveHeap returns how much memory is in use after a collection.
func liveHeap() uint64 {
	var stats runtime.MemStats
	// Twice, since pools release their contents at the second collection.
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// awaitQuiet waits until no call is under way and no more memory is in use than is allowed: calls that were given up take a
// moment to end.
func awaitQuiet(t testing.TB, heap uint64) {
	t.Helper()
	deadline := time.After(time.Minute)
	for {
		calls, used := callsUnderWay(), liveHeap()
		if calls == 0 && used <= heap {
			return
		}
		select {
		case <-deadline:
			t.Errorf("%d calls are under way, and %d KiB in use of the %d KiB allowed", calls, used>>10, heap>>10)
			return
		default:
		}
	}
}

// callsUnderWay counts the goroutines that answer a call.
func callsUnderWay() int {
	stacks := make([]byte, 4<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	return bytes.Count(stacks, []byte("connect.(*Handler).ServeHTTP("))
}

// The mark of an unreadable message is ours: sent by a caller, it is an unknown field.
func TestAP02_NoCallerCanMarkAMessageAsUnreadable(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	forged := protowire.AppendBytes(protowire.AppendTag(nil, protowire.MaxValidNumber, protowire.BytesType), []byte{0x12, 0x00})

	if got := post(t, env, getSettings, binaryType, forged); got.Status != http.StatusOK {
		t.Errorf("GetSettings with the mark: got %d %s", got.Status, got.Body)
	}
	method := methods()["AuthService.SignIn"]
	body := append(encode(t, method, goodRequest(t, method, nil)), forged...)
	got := post(t, env, signIn, binaryType, body)
	r := got.refused(t, http.StatusUnauthorized, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID, "")
	if len(r.Detail.GetViolations()) != 0 {
		t.Errorf("a forged mark is taken for violations: %v", r.Detail)
	}
}
