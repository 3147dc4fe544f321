package rpc_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// padded returns a valid message of exactly n bytes.
func padded(size int) []byte {
	frame := `{"zqx":""}`
	return []byte(`{"zqx":"` + strings.Repeat("0", size-len(frame)) + `"}`)
}

func paddedBinary(size int) []byte {
	// Field 15, unknown to the method, with a length of three bytes.
	n := size - 4
	return append([]byte{0x7a, byte(n) | 0x80, byte(n>>7) | 0x80, byte(n >> 14)}, make([]byte, n)...)
}

func TestAP01_NothingIsTakenWithoutALimit(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"TheLimitIsExact":        storyTheLimitIsExact,
		"ChunksCountTogether":    storyChunksCountTogether,
		"NobodyReadsWithoutEnd":  storyNobodyReadsWithoutEnd,
		"AGzipBombIsNotUnpacked": storyAGzipBombIsNotUnpacked,
		"HeadersHaveALimit":      storyHeadersHaveALimit,
		"GRPCHasTheSameLimit":    storyGRPCHasTheSameLimit,
	})
}

func storyTheLimitIsExact(t *testing.T, env *latchkeytest.Env) {
	for name, send := range map[string]func(size int) answer{
		"JSON":   func(size int) answer { return post(t, env, getSettings, jsonType, padded(size)) },
		"binary": func(size int) answer { return post(t, env, getSettings, binaryType, paddedBinary(size)) },
	} {
		if got := send(rpc.MaxMessage); got.Status != http.StatusOK {
			t.Errorf("%s: a message of the limit's size gets %d %s", name, got.Status, got.Body)
		}
		r := send(rpc.MaxMessage+1).refused(t, http.StatusRequestEntityTooLarge, invalid, "request.max_bytes")
		if r.Code != connect.CodeInvalidArgument {
			t.Errorf("%s: the code is %s", name, r.Code)
		}
	}
}

// unsized hides the length of a body, so that it is sent in chunks.
type unsized struct{ io.Reader }

func storyChunksCountTogether(t *testing.T, env *latchkeytest.Env) {
	chunked := func(size int) answer {
		return send(t, env, http.MethodPost, getSettings, unsized{bytes.NewReader(padded(size))}, header{"Content-Type", jsonType})
	}

	if got := chunked(rpc.MaxMessage); got.Status != http.StatusOK {
		t.Errorf("a message of the limit's size gets %d %s", got.Status, got.Body)
	}
	chunked(rpc.MaxMessage+1).refused(t, http.StatusRequestEntityTooLarge, invalid, "request.max_bytes")
	chunked(1<<20).refused(t, http.StatusRequestEntityTooLarge, invalid, "request.max_bytes")
}

// endless is a body without an end. It counts what was read.
type endless struct{ taken atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.taken.Add(int64(len(p))) > 1<<30 {
		return 0, errors.New("the server reads on and on")
	}
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func storyNobodyReadsWithoutEnd(t *testing.T, env *latchkeytest.Env) {
	body := &endless{}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, env.URL+signIn, unsized{body})
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", jsonType)

	response, err := env.HTTP.Do(request)

	// The server may close the connection while the body is still being sent; then there is no answer to read.
	if err == nil {
		read(t, response).refused(t, http.StatusRequestEntityTooLarge, invalid, "request.max_bytes")
	}
	if taken := body.taken.Load(); taken > 64<<20 {
		t.Errorf("the server has taken %d bytes", taken)
	}
}

func storyAGzipBombIsNotUnpacked(t *testing.T, env *latchkeytest.Env) {
	bomb := gzipped(t, []byte(`{"zqx":"`+strings.Repeat("0", 8<<20)+`"}`))
	if len(bomb) > rpc.MaxMessage {
		t.Fatalf("the bomb has %d bytes and would be refused for those", len(bomb))
	}

	post(t, env, signIn, jsonType, bomb, header{"Content-Encoding", "gzip"}).
		refused(t, http.StatusUnsupportedMediaType, invalid, "request.content_encoding")
	post(t, env, signIn, jsonType, bomb).refused(t, http.StatusBadRequest, invalid, "request.json")
}

func storyHeadersHaveALimit(t *testing.T, env *latchkeytest.Env) {
	large := strings.Repeat("z", 48<<10)

	for name, got := range map[string]answer{
		"header":        post(t, env, getSettings, jsonType, nil, header{"Zqx", large}),
		"authorization": post(t, env, getProfile, jsonType, nil, bearer(large)),
		"query":         get(t, env, getSettings, "json", padded(48<<10)),
		"path":          post(t, env, "/"+large, jsonType, nil),
	} {
		// net/http says so, before any of our code runs.
		if got.Status != http.StatusRequestHeaderFieldsTooLarge && got.Status != http.StatusRequestURITooLong {
			t.Errorf("%s: got %d %.200s", name, got.Status, got.Body)
		}
	}
	var many []header
	for range 2_000 {
		many = append(many, header{"Cookie", "zqx=zqx"})
	}
	if got := post(t, env, getSettings, jsonType, nil, many...); got.Status/100 == 5 {
		t.Errorf("many cookies: got %d %.200s", got.Status, got.Body)
	}
}

func storyGRPCHasTheSameLimit(t *testing.T, env *latchkeytest.Env) {
	for name, protocol := range map[string]connect.ClientOption{"gRPC": connect.WithGRPC(), "gRPC-Web": connect.WithGRPCWeb()} {
		plain := latchkeyv1connect.NewAuthServiceClient(env.HTTP2(), env.URL, protocol)
		_, err := plain.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: "zqx@example.com"}, Password: strings.Repeat("z", megabyte),
		})
		if connect.CodeOf(err) != connect.CodeResourceExhausted {
			t.Errorf("%s, 1 MB: got %v", name, err)
		}

		// Packed it is small enough.
		packing := latchkeyv1connect.NewAuthServiceClient(env.HTTP2(), env.URL, protocol, connect.WithSendGzip())
		_, err = packing.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: "zqx@example.com"}, Password: strings.Repeat("z", megabyte),
		})
		if code := connect.CodeOf(err); code != connect.CodeUnimplemented && code != connect.CodeResourceExhausted {
			t.Errorf("%s, 1 MB packed: got %v", name, err)
		}
	}
}

func gzipped(t testing.TB, data []byte) []byte {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return packed.Bytes()
}
