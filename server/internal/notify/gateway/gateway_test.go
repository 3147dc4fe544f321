package gateway_test

import (
	"net/http"
	"net/http/httptest"
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
