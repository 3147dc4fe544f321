package gateway_test

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
)

func TestAP09_AProviderHasToShowACertificate(t *testing.T) {
	t.Parallel()

	server := httptest.NewTLSServer(http.NotFoundHandler())
	server.Config.ErrorLog = nil
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = gateway.New("test", time.Now).Do(t.Context(), r)
	if failure := gatewaytest.Failure(t, err); failure.Class != notify.Unreachable || failure.Code != "certificate" {
		t.Errorf("%v", failure)
	}
}

func TestAddressesOfProviders(t *testing.T) {
	t.Parallel()

	for _, good := range []string{"https://api.example.com", "https://api.example.com/v1?key=1", "http://localhost:8080", "http://127.0.0.1:1/x", "http://[::1]:1"} {
		if err := gateway.CheckURL(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "api.example.com", "http://api.example.com", "http://10.0.0.1", "ftp://x", "https://", "https://a:b@x", "https://x#y", "://", "http://localhost.example.com"} {
		if gateway.CheckURL(bad) == nil {
			t.Errorf("%s is an address", bad)
		}
	}
}

func TestWaitsThatAreAskedFor(t *testing.T) {
	t.Parallel()

	now := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "30": 30 * time.Second, " 5 ": 5 * time.Second, "-5": 0, "soon": 0, "1.5": 0, "99999999999999999999": 0,
		"9999999999999": 24 * time.Hour, "Sun, 01 Mar 2026 09:01:00 GMT": time.Minute, "Sun, 01 Mar 2026 08:00:00 GMT": 0,
		"Fri, 31 Dec 9999 23:59:59 GMT": 24 * time.Hour,
	} {
		if got := gateway.RetryAfter(http.Header{"Retry-After": {text}}, now); got != want {
			t.Errorf("%q asks for %v, want %v", text, got, want)
		}
	}
}

func TestStatusesAreSorted(t *testing.T) {
	t.Parallel()

	for class, statuses := range map[notify.Class][]int{
		notify.Busy:          {408, 429, 500, 502, 503, 504, 599},
		notify.Refused:       {400, 413, 422},
		notify.Misconfigured: {301, 307, 401, 402, 403, 404, 405, 451},
	} {
		for _, status := range statuses {
			if got := gateway.ClassOf(status); got != class {
				t.Errorf("%d is %s, want %s", status, got, class)
			}
		}
	}
}

// What a provider may have taken is told from what it surely has not.
func TestAmbiguousOutcomesAreReported(t *testing.T) {
	t.Parallel()

	own := func(status int, retry string) bool {
		return gateway.Ambiguous(status, true, http.Header{"Retry-After": {retry}})
	}
	for status, want := range map[int]bool{
		200: false, 202: false, 400: false, 401: false, 408: false, 429: false, 500: false, 503: false, 502: true, 504: true,
	} {
		if got := own(status, ""); got != want {
			t.Errorf("%d in the provider's own words is ambiguous: %t", status, got)
		}
	}
	for status, want := range map[int]bool{
		200: true, 204: true, 301: false, 400: false, 404: false, 408: false, 429: false, 500: true, 501: false, 502: true, 503: false,
		504: true, 520: true, 524: true, 599: true,
	} {
		if got := gateway.Ambiguous(status, false, http.Header{}); got != want {
			t.Errorf("%d is ambiguous: %t", status, got)
		}
	}
	// One that wants to be called again has not taken it; a proxy cannot know.
	for status, want := range map[int]bool{500: false, 502: true, 503: false, 504: true} {
		if got := gateway.Ambiguous(status, false, http.Header{"Retry-After": {"5"}}); got != want {
			t.Errorf("%d that asks for a wait is ambiguous: %t", status, got)
		}
	}
}

func TestAConnectionThatFailsBeforeTheRequestIsDefinite(t *testing.T) {
	t.Parallel()

	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	defer untrusted.Close()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = silent.Close() }()
	for name, url := range map[string]string{
		"refused": closed.URL, "no certificate": untrusted.URL, "no such name": "http://nowhere.invalid",
		// The handshake of TLS is not answered.
		"silent": "https://" + silent.Addr().String(),
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader("message"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = gateway.New("test", time.Now).Do(ctx, r)
		cancel()
		if failure := gatewaytest.Failure(t, err); failure.Class != notify.Unreachable || failure.Ambiguous {
			t.Errorf("%s: %v", name, failure)
		}
	}
}

// A connection that was kept open is closed by the provider: nothing is sent again behind the caller's back, once it has gone
// out.
func TestOneCallIsOneRequest(t *testing.T) {
	t.Parallel()

	server := gatewaytest.New(t)
	g := gateway.New("test", time.Now)
	call := func() error {
		t.Helper()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, strings.NewReader("message"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header["idempotency-key"] = []string{"1"}
		_, err = g.Do(t.Context(), r)
		return err
	}
	server.Answers(200, "{}")
	if err := call(); err != nil {
		t.Fatal(err)
	}
	server.Does(func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	})
	if failure := gatewaytest.Failure(t, call()); !failure.Ambiguous {
		t.Errorf("%v", failure)
	}
	if n := len(server.Asked()); n != 2 {
		t.Errorf("two calls are %d requests", n)
	}
}
