package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// clientFrom calls from one address. Each call has a connection of its own when it is not to be kept.
func clientFrom(t testing.TB, address string, protocol func(*http.Protocols, bool), kept bool) *http.Client {
	t.Helper()
	var protocols http.Protocols
	protocol(&protocols, true)
	dialer := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(address)}}
	client := &http.Client{
		Transport: &http.Transport{DialContext: dialer.DialContext, Protocols: &protocols, DisableKeepAlives: !kept},
		Timeout:   time.Minute,
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

var (
	http1     = (*http.Protocols).SetHTTP1
	http2Only = (*http.Protocols).SetUnencryptedHTTP2
)

// asks returns the status of a call; 0 when the connection was closed.
func asks(t testing.TB, client *http.Client, url, forwarded string) int {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+getSettings, strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if forwarded != "" {
		request.Header.Set("X-Forwarded-For", forwarded)
	}
	response, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode
}

func limits(connections, calls int) latchkeytest.Option {
	return latchkeytest.With(func(s *settings.Settings) {
		s.Server.ConnectionsPerNetwork, s.Server.CallsPerNetwork = connections, calls
	})
}

// holds is how a client keeps calls open: by bodies that do not end, or by answers that it does not read.
var holds = map[string]func(t testing.TB, a *attacker, calls int){
	"bodies that do not end, HTTP/2": func(t testing.TB, a *attacker, calls int) {
		c := a.openHTTP2(t, 65_535)
		for i := range calls {
			if c.begin(uint32(2*i+1), signIn, false) != nil || !c.send(uint32(2*i+1), []byte(`{"k":"`), false) {
				t.Error("the connection was closed")
			}
		}
	},
	"answers that are not read, HTTP/2": func(t testing.TB, a *attacker, calls int) {
		c := a.openHTTP2(t, 0)
		for i := range calls {
			if !c.call(uint32(2*i+1), getSettings) {
				t.Error("the connection was closed")
			}
		}
	},
	"pages that are not read, HTTP/2": func(t testing.TB, a *attacker, calls int) {
		c := a.openHTTP2(t, 0)
		for i := range calls {
			if !c.call(uint32(2*i+1), "/nothing-here") {
				t.Error("the connection was closed")
			}
		}
	},
	"bodies that do not end, HTTP/1": func(t testing.TB, a *attacker, calls int) {
		for range calls {
			_, _ = io.WriteString(a.dial(t), "POST "+signIn+" HTTP/1.1\r\nHost: zqx\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{")
		}
	},
}

// One network cannot hold more calls than its share, in whatever way. It gets BUSY. All others are served, and so is the network
// once it releases calls.
func TestAP04_CallsInFlightAreBoundedPerNetwork(t *testing.T) {
	t.Parallel()
	const share = 6
	for name, hold := range holds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t, limits(64, share))
			other := clientFrom(t, "127.0.0.2", http1, true)
			for round := range 3 {
				network := fmt.Sprintf("127.0.0.%d", 10+round)
				neighbour := clientFrom(t, network, http1, true)
				a := newAttacker(t, env, network)
				holdUntilRefused(t, env, a, hold)
				if got := asks(t, other, env.URL, ""); got != http.StatusOK {
					t.Errorf("another network: got %d", got)
				}
				// A load balancer's health check is no call.
				if response := fetch(t, neighbour, env.URL+"/healthz"); response.StatusCode != http.StatusOK {
					t.Errorf("the health check: got %d", response.StatusCode)
				}
				if response := fetch(t, neighbour, env.URL+"/"); response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") != "1" {
					t.Errorf("a page: got %d %v", response.StatusCode, response.Header)
				}
				a.leave()
				await(t, "its network has its whole share again", func() bool {
					b := newAttacker(t, env, network)
					defer b.leave()
					held := 0
					for b.holdsCall(t) {
						held++
					}
					return held == share
				})
			}
		})
	}
}

// holdUntilRefused holds calls until others of the network are refused. They may take a place between two of them.
func holdUntilRefused(t testing.TB, env *latchkeytest.Env, a *attacker, hold func(testing.TB, *attacker, int)) {
	t.Helper()
	neighbour := clientFrom(t, a.from, http1, true)
	if got := asks(t, neighbour, env.URL, ""); got != http.StatusOK {
		t.Fatalf("before: got %d", got)
	}
	await(t, "its network is refused", func() bool {
		hold(t, a, 1)
		return asks(t, neighbour, env.URL, "") == http.StatusTooManyRequests
	})
}

func fetch(t testing.TB, client *http.Client, url string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, response.Body)
	return response
}

// A refused call gets BUSY in its own protocol, with the wait.
func TestAP04_BusyIsSaidInEveryProtocol(t *testing.T) {
	t.Parallel()
	const share = 2
	env := latchkeytest.New(t, limits(64, share), latchkeytest.With(listing))
	holdUntilRefused(t, env, newAttacker(t, env, "127.0.0.1"), holds["bodies that do not end, HTTP/2"])

	for name, options := range map[string][]connect.ClientOption{
		"Connect": nil, "JSON": {connect.WithProtoJSON()}, "GET": {connect.WithHTTPGet()},
		"gRPC": {connect.WithGRPC()}, "gRPC-Web": {connect.WithGRPCWeb()},
	} {
		for version, client := range map[string]*http.Client{"HTTP/1": env.HTTP, "HTTP/2": env.HTTP2()} {
			if name == "gRPC" && version == "HTTP/1" {
				continue
			}
			auth := latchkeyv1connect.NewAuthServiceClient(client, env.URL, options...)
			_, err := auth.GetSettings(t.Context(), &latchkeyv1.GetSettingsRequest{})
			detail := env.Refused(err, latchkeyv1.Reason_REASON_BUSY)
			if connect.CodeOf(err) != connect.CodeResourceExhausted || detail.GetRetryAfter().AsDuration() != time.Second {
				t.Errorf("%s, %s: got %v, %v", name, version, err, detail)
			}
		}
	}
	tokens := latchkeyv1connect.NewTokenServiceClient(env.HTTP2(), env.URL)
	stream, err := tokens.WatchRevocations(t.Context(), &latchkeyv1.WatchRevocationsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if stream.Receive() {
		t.Error("a stream is let in")
	}
	env.Refused(stream.Err(), latchkeyv1.Reason_REASON_BUSY)

	// A page of another origin can read it.
	response := send(t, env, http.MethodPost, getSettings, "{}", "Content-Type", "application/json", "Origin", listedOrigins[0])
	if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Access-Control-Allow-Origin") != listedOrigins[0] ||
		response.Header.Get("Retry-After") != "1" {
		t.Errorf("from another origin: got %d %v", response.StatusCode, response.Header)
	}
}

// Answers that say BUSY cannot be piled up either.
func TestAP04_RefusalsThatAreNotReadAreBounded(t *testing.T) {
	t.Parallel()
	const share = 8
	env := latchkeytest.New(t, limits(64, share))
	a := newAttacker(t, env, "127.0.0.1")
	c := a.openHTTP2(t, 0)
	for i := range uint32(30) {
		if !c.call(2*i+1, getSettings) {
			t.Fatal("the connection was closed")
		}
	}
	// Eight answers and two refusals wait for the window; the others are a status that does not have to.
	await(t, "20 calls get a status alone", func() bool { return a.withoutBody.Load() == 20 })
	if got := a.answers.Load(); got != 30 {
		t.Errorf("%d answers have begun", got)
	}
	if got := asks(t, clientFrom(t, "127.0.0.2", http1, true), env.URL, ""); got != http.StatusOK {
		t.Errorf("another network: got %d", got)
	}
}

// net/http answers some requests by itself, which no middleware sees.
func TestAP04_StreamsAreBoundedPerNetwork(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, limits(64, 2)) // eight streams
	for name, block := range map[string][]byte{
		"headers that are too long":    headerBlock(1_100),
		"headers that are not allowed": headerBlock(0, connectionHeader),
	} {
		a := newAttacker(t, env, "127.0.0.1")
		var conns []*http2Conn
		for range 4 {
			conns = append(conns, a.openHTTP2(t, 0))
		}
		for i := range 9 {
			_ = conns[i%len(conns)].beginWith(uint32(2*i+1), block)
		}
		await(t, name+": a connection with one stream too many is closed", func() bool { return a.closed.Load() > 0 })
		if got := asks(t, clientFrom(t, "127.0.0.2", http2Only, true), env.URL, ""); got != http.StatusOK {
			t.Errorf("%s: another network: got %d", name, got)
		}
		a.leave()
		await(t, name+": its network is served again", func() bool {
			return asks(t, clientFrom(t, "127.0.0.1", http2Only, false), env.URL, "") == http.StatusOK
		})
	}
}

// Streams that are opened and reset at once are as many requests.
func TestAP04_StreamsThatAreResetCountForAWhile(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, limits(64, 2)) // eight streams
	a := newAttacker(t, env, "127.0.0.1")
	c := a.openHTTP2(t, 0)
	stream := uint32(1)
	await(t, "the connection is closed", func() bool {
		if c.begin(stream, signIn, false) == nil {
			_ = c.framer.WriteRSTStream(stream, 8)
		}
		stream += 2
		return a.closed.Load() == 1
	})
	await(t, "its network is served again", func() bool {
		return asks(t, clientFrom(t, "127.0.0.1", http2Only, false), env.URL, "") == http.StatusOK
	})
}

// A network has its share of connections, again and again.
func TestAP04_ConnectionsAreBoundedPerNetwork(t *testing.T) {
	t.Parallel()
	const share = 8
	env := latchkeytest.New(t, limits(share, 64))
	for round := range 5 {
		a := newAttacker(t, env, "127.0.0.1")
		// The server may still be closing the connections of the round before.
		await(t, fmt.Sprintf("round %d: the network has %d connections", round, share), func() bool {
			a.leave()
			opened := 0
			for opened <= share && a.isLetIn(t) {
				opened++
			}
			if opened > share {
				t.Fatalf("round %d: the network has %d connections", round, opened)
			}
			return opened == share
		})
		if got := asks(t, clientFrom(t, "127.0.0.2", http1, false), env.URL, ""); got != http.StatusOK {
			t.Errorf("round %d: another network: got %d", round, got)
		}
		a.leave()
	}
}

// Behind a trusted proxy, it is the client's network that counts, and not the proxy's.
func TestAP04_ATrustedProxyHasManyClients(t *testing.T) {
	t.Parallel()
	const share = 4
	env := latchkeytest.New(t, limits(share, share), latchkeytest.With(func(s *settings.Settings) { s.Server.TrustedProxies = []string{"127.0.0.1"} }))
	proxy := newAttacker(t, env, "127.0.0.1")
	through := clientFrom(t, "127.0.0.1", http1, true)
	for client := range 3 {
		address := fmt.Sprintf("192.0.2.%d", client)
		held := 0
		for proxy.holdsCall(t, "X-Forwarded-For: "+address+"\r\n") {
			held++
		}
		if held != share {
			t.Errorf("a client has %d calls in flight, want %d", held, share)
		}
		if got := asks(t, through, env.URL, address); got != http.StatusTooManyRequests {
			t.Errorf("the client: got %d", got)
		}
	}
	if got := asks(t, through, env.URL, "192.0.2.9"); got != http.StatusOK {
		t.Errorf("another client: got %d", got)
	}
}

// For load tests.
func TestAP04_WithoutRateLimitsANetworkHasNoShare(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, limits(2, 2), latchkeytest.With(func(s *settings.Settings) { s.Limits.Mode = ratelimit.Off }))
	holds["bodies that do not end, HTTP/2"](t, newAttacker(t, env, "127.0.0.1"), 50)
	holds["bodies that do not end, HTTP/1"](t, newAttacker(t, env, "127.0.0.1"), 50)
	for range 20 {
		if got := asks(t, clientFrom(t, "127.0.0.1", http1, false), env.URL, ""); got != http.StatusOK {
			t.Errorf("got %d", got)
		}
	}
}

// The answers of HTTP/1 keep the length that net/http finds, and gRPC its trailers.
func TestAnswersAreFramedAsBefore(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	response := send(t, env, http.MethodPost, getSettings, "{}", "Content-Type", "application/json")
	if response.ContentLength <= 0 || response.StatusCode != http.StatusOK {
		t.Errorf("the answer's length is %d: %v", response.ContentLength, response.Header)
	}
	for name, options := range map[string][]connect.ClientOption{
		"Connect": nil, "gRPC": {connect.WithGRPC()}, "gRPC-Web": {connect.WithGRPCWeb()},
	} {
		auth := latchkeyv1connect.NewAuthServiceClient(env.HTTP2(), env.URL, options...)
		got, err := auth.GetSettings(context.WithoutCancel(t.Context()), &latchkeyv1.GetSettingsRequest{})
		if err != nil || len(got.GetRoles()) == 0 {
			t.Errorf("%s: got %v, %v", name, got, err)
		}
	}
	var found map[string]any
	_, text := get(t, env, getSettings+"?connect=v1&encoding=json&message=%7B%7D")
	if err := json.Unmarshal([]byte(text), &found); err != nil {
		t.Error(err)
	}
}
