package rpc_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// maxRefusal is the maximum size of a refusal on the wire, with headers and trailers: a quarter of the largest message.
const maxRefusal = 16 << 10

// speech is one way to call a method.
type speech struct {
	name, contentType string
	http2, enveloped  bool
}

func (s speech) json() bool { return strings.Contains(s.contentType, "json") }

var speeches = []speech{
	{"Connect JSON", jsonType, false, false},
	{"Connect binary", binaryType, false, false},
	{"Connect JSON, HTTP/2", jsonType, true, false},
	{"gRPC", "application/grpc+proto", true, true},
	{"gRPC JSON", "application/grpc+json", true, true},
	{"gRPC-Web", "application/grpc-web+proto", false, true},
	{"gRPC-Web JSON", "application/grpc-web+json", false, true},
}

var streamSpeeches = []speech{
	{"Connect stream JSON", streamType, false, true},
	{"Connect stream binary", "application/connect+proto", false, true},
}

// wire counts the bytes from a server.
type wire struct {
	env          *latchkeytest.Env
	http1, http2 *http.Client
	received     atomic.Int64
}

type countedConn struct {
	net.Conn
	received *atomic.Int64
}

// Read counts the bytes that the server has sent.
func (c countedConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.received.Add(int64(n))
	return n, err
}

func newWire(t testing.TB, env *latchkeytest.Env) *wire {
	t.Helper()
	w := &wire{env: env}
	dial := func(ctx context.Context, network, address string) (net.Conn, error) {
		var dialer net.Dialer
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return countedConn{conn, &w.received}, nil
	}
	var only http.Protocols
	only.SetUnencryptedHTTP2(true)
	w.http1 = &http.Client{Transport: &http.Transport{DialContext: dial, DisableCompression: true}}
	w.http2 = &http.Client{Transport: &http.Transport{DialContext: dial, DisableCompression: true, Protocols: &only}}
	t.Cleanup(w.http1.CloseIdleConnections)
	t.Cleanup(w.http2.CloseIdleConnections)
	return w
}

// answerSize sends a request and returns how many bytes came back for it.
func (w *wire) answerSize(t testing.TB, request *http.Request, overHTTP2 bool) int64 {
	t.Helper()
	client := w.http1
	if overHTTP2 {
		client = w.http2
	}
	before := w.received.Load()
	response, err := client.Transport.RoundTrip(request)
	if err == nil {
		_, _ = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
	}
	// If there is no response because the server has closed the connection, its bytes count anyway.
	return w.received.Load() - before
}

func (w *wire) call(t testing.TB, path string, s speech, body []byte, headers ...header) int64 {
	t.Helper()
	if s.enveloped {
		body = inEnvelope(body)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.env.URL+path, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", s.contentType)
	for _, h := range headers {
		// As it is: a client of our own would refuse some of these.
		request.Header[h.name] = []string{h.value}
	}
	return w.answerSize(t, request, s.http2)
}

// filled repeats a unit as often as it fits into a message beside the rest.
func filled(before, unit, after string) []byte {
	n := (rpc.MaxMessage - len(before) - len(after)) / len(unit)
	return []byte(before + strings.Repeat(unit, n) + after)
}

// hostileBinary are messages of up to 64 KiB that a decoder or a validator might answer at length.
func hostileBinary(method protoreflect.MethodDescriptor) map[string][]byte {
	bodies := map[string][]byte{
		"small unknown fields": filled("", "\x98\x06\x00", ""),
		"unknown groups":       filled("", "\x9b\x06\x9c\x06", ""),
		"open groups":          filled("", "\x9b\x06", ""),
		"a large unknown field": protowire.AppendBytes(protowire.AppendTag(nil, 100, protowire.BytesType),
			make([]byte, rpc.MaxMessage-10)),
		"the mark of a message that cannot be read": protowire.AppendBytes(
			protowire.AppendTag(nil, protowire.MaxValidNumber, protowire.BytesType), filled("", "\x12\x00", "")[:60_000]),
	}
	for i := range method.Input().Fields().Len() {
		field := method.Input().Fields().Get(i)
		if field.Kind() != protoreflect.StringKind && !field.IsMap() {
			continue
		}
		bodies[string(field.Name())+": empty items"] = filled("", string(protowire.AppendBytes(tagged(field), nil)), "")
		bodies[string(field.Name())+": items"] = filled("", string(text(field, "\x01")), "")
		bodies[string(field.Name())+": control characters"] = text(field, strings.Repeat("\x01", kilobytes60))
		bodies[string(field.Name())+": invalid UTF-8"] = text(field, strings.Repeat("\xff", kilobytes60))
	}
	return bodies
}

// hostileJSON are the same in JSON.
func hostileJSON(method protoreflect.MethodDescriptor) map[string][]byte {
	bodies := map[string][]byte{
		"unknown fields":    manyKeys("{", func(i int) string { return fmt.Sprintf(`"k%d":[]`, i) }, "}"),
		"one unknown field": filled("{", `"k":1,`, `"k":1}`),
		"lists, deep":       filled(`{"k":`, "[", ""),
		"objects, deep":     filled("", `{"k":`, ""),
		"a long number":     filled(`{"k":`, "9", "}"),
		"a long name":       filled(`{"`, "&", `":1}`),
		"blanks":            filled("{", " ", "}"),
	}
	var wrong []string
	for i := range method.Input().Fields().Len() {
		field := method.Input().Fields().Get(i)
		name := field.JSONName()
		wrong = append(wrong, fmt.Sprintf(`"%s":{"zqx":true}`, name))
		bodies[name+": twice and more"] = filled("{", `"`+name+`":"",`, `"`+name+`":""}`)
		bodies[name+": empty items"] = filled(`{"`+name+`":[`, `"",`, `""]}`)
		bodies[name+": wrong items"] = filled(`{"`+name+`":[`, `1,`, `1]}`)
		bodies[name+": escapes"] = filled(`{"`+name+`":"`, `\u0001`, `"}`)
		bodies[name+": invalid UTF-8"] = filled(`{"`+name+`":"`, "\xff", `"}`)
		bodies[name+": pairs"] = manyKeys(`{"`+name+`":{`, func(i int) string { return fmt.Sprintf(`"\u0001%d":""`, i) }, "}}")
	}
	all := strings.Join(wrong, ",")
	bodies["every field wrong"] = []byte("{" + all + "}")
	bodies["every field wrong, and a long one"] = filled("{"+all+`,"k":"`, "z", `"}`)
	bodies["every field wrong, and many others"] = manyKeys("{"+all+",", func(i int) string { return fmt.Sprintf(`"k%d":[]`, i) }, "}")
	return bodies
}

func manyKeys(before string, pair func(int) string, after string) []byte {
	var b bytes.Buffer
	b.WriteString(before + pair(0))
	for i := 1; b.Len() < rpc.MaxMessage-len(after)-32; i++ {
		b.WriteString("," + pair(i))
	}
	b.WriteString(after)
	return b.Bytes()
}

func TestAP02_NoAnswerToAHostileMessageIsLarge(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, manyRequests())
	admin := bearer(signUpAdmin(t, env, "admin@example.com").Tokens.GetAccessToken())
	w := newWire(t, env)

	largest := int64(0)
	for name, method := range methods() {
		ways := speeches
		if method.IsStreamingServer() {
			ways = slices.Concat(streamSpeeches, speeches[3:])
		}
		if method.Input().Fields().Len() == 0 && !sideEffectFree(method) {
			// Such a call is done whatever its message holds, and may end the session.
			continue
		}
		binary, json := hostileBinary(method), hostileJSON(method)
		for _, way := range ways {
			bodies := binary
			if way.json() {
				bodies = json
			}
			for body, data := range bodies {
				size := w.call(t, procedure(method), way, data, admin)
				largest = max(largest, size)
				if size > maxRefusal {
					t.Errorf("%s, %s, %s: %d bytes get %d", name, way.name, body, len(data), size)
				}
			}
		}
		if !sideEffectFree(method) {
			continue
		}
		for body, data := range json {
			// As much as fits into the first line of a request.
			query := url.Values{"connect": {"v1"}, "encoding": {"json"}, "message": {string(data[:min(len(data), 9_000)])}}
			largest = max(largest, w.get(t, name+", "+body, procedure(method)+"?"+query.Encode(), admin))
		}
		for body, data := range binary {
			query := url.Values{"connect": {"v1"}, "encoding": {"proto"}, "base64": {"1"}}
			query.Set("message", base64.RawURLEncoding.EncodeToString(data[:min(len(data), 20_000)]))
			largest = max(largest, w.get(t, name+", "+body, procedure(method)+"?"+query.Encode(), admin))
		}
	}
	t.Logf("the largest answer has %d bytes", largest)
}

func (w *wire) get(t testing.TB, name, target string, headers ...header) int64 {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.env.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	path, query, _ := strings.Cut(target, "?")
	request.URL.Opaque, request.URL.RawQuery = path, query
	for _, h := range headers {
		request.Header[h.name] = []string{h.value}
	}
	size := w.answerSize(t, request, false)
	if size > maxRefusal {
		t.Errorf("GET %s: %d bytes get %d", name, len(target), size)
	}
	return size
}

// An invalid header or address is not repeated either.
func TestAP02_NoAnswerToAHostileHeaderIsLarge(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, manyRequests())
	w := newWire(t, env)

	largest := int64(0)
	long := 28_000
	for _, value := range []string{
		// The text that grows most by escaping, a list of the values of each header, and a time.
		strings.Repeat("\xff", long), strings.Repeat("&a=b;q=0.1,", long/11), strings.Repeat("127.0.0.1,", long/10),
		strings.Repeat("9", long) + "S",
	} {
		for _, name := range []string{
			"Accept", "Accept-Encoding", "Accept-Language", "Access-Control-Request-Headers", "Access-Control-Request-Method",
			"Authorization", "Connect-Accept-Encoding", "Connect-Content-Encoding", "Connect-Protocol-Version",
			"Connect-Timeout-Ms", "Content-Encoding", "Cookie", "Expect", "Forwarded", "Grpc-Accept-Encoding", "Grpc-Encoding",
			"Grpc-Timeout", "If-None-Match", "Latchkey-Session", "Origin", "Range", "Referer", "Sec-Fetch-Site", "Te",
			"Traceparent", "User-Agent", "X-Forwarded-For", "X-Request-Id",
		} {
			for _, way := range slices.Concat(speeches, streamSpeeches) {
				path := signIn
				if !slices.Contains(speeches, way) {
					path = watchRevocations
				}
				size := w.call(t, path, way, []byte(`{}`), header{"Latchkey-Session", "cookie"}, header{name, value})
				largest = max(largest, size)
				if size > maxRefusal {
					t.Errorf("%s, %s of %.8q: %d bytes", way.name, name, value, size)
				}
			}
		}
		for _, way := range slices.Concat(speeches, streamSpeeches) {
			way.contentType += "; charset=" + value
			if size := w.call(t, signIn, way, []byte(`{}`)); size > maxRefusal {
				t.Errorf("%s, a parameter of the content type of %.8q: %d bytes", way.name, value, size)
			}
		}
		escaped := url.QueryEscape(value[:9_000])
		for _, target := range []string{
			getSettings + "?message=" + escaped, getSettings + "?connect=" + escaped, getSettings + "?encoding=" + escaped,
			getSettings + "?connect=v1&encoding=json&compression=" + escaped + "&message={}",
			getSettings + "?connect=v1&encoding=" + escaped + "&message={}",
			getSettings + "?connect=v1&encoding=json&base64=1&message=" + escaped,
			"/latchkey.v1.AuthService/" + escaped, "//latchkey.v1.AuthService/" + escaped, "/" + escaped + "/latchkey.v1.AuthService/SignIn",
		} {
			largest = max(largest, w.get(t, fmt.Sprintf("%.60s", target), target))
		}
	}
	t.Logf("the largest answer has %d bytes", largest)
}

// Nor is a refusal that is written before the handler of the call sees it.
func TestAP02_NoRefusalRepeatsALongContentType(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 28_000)
	for _, contentType := range []string{
		"application/grpc", "application/grpc+proto; charset=" + long, "application/grpc+" + long, "application/grpc-web+json;" + long,
		"application/connect+" + long, "application/" + long, long,
	} {
		r := httptest.NewRequest(http.MethodPost, signIn, nil)
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		rpc.Refuse(w, r, fault.New(latchkeyv1.Reason_REASON_BUSY))

		if got := w.Header().Get("Content-Type"); len(got) > 64 || !strings.HasPrefix(got, "application/") {
			t.Errorf("%.60s: the answer's content type is %.60q", contentType, got)
		}
	}
}

// manyRequests lets a test make more requests from one network than clients do.
func manyRequests() latchkeytest.Option {
	return latchkeytest.With(func(s *settings.Settings) { s.Server.CallsPerNetwork = settings.MaxPerNetwork })
}
