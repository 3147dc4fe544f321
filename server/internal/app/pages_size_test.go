package app_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Pages make no large answers of small requests, nor of large ones.
func TestAP02_PagesAreNotMuchLongerThanTheirRequests(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.WithFrontend(builtFrontend(t)))

	for _, unit := range []string{"&", "%22", "<", "%3C", "'", "/./", "a/../", "%0A", "+"} {
		for _, n := range []int{500, 1_000, 8_000, 20_000} {
			pagesAreShort(t, env, strings.Repeat(unit, n/len(unit)))
		}
	}
}

func pagesAreShort(t *testing.T, env *latchkeytest.Env, long string) {
	t.Helper()
	for _, target := range []string{
		"/" + long, "//" + long, "/x/../" + long, "/d/" + long, "/D/" + long, "/assets/" + long, "/healthz/../" + long,
		"/dev/outbox?to=" + long, "/sessions/disown?secret=" + long, "/?" + long, "/index.html/" + long,
	} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, env.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		path, query, _ := strings.Cut(target, "?")
		request.URL.Opaque, request.URL.RawQuery = path, query
		if strings.HasPrefix(path, "//") {
			request.URL.Opaque = env.URL + path
		}
		request.Header.Set("Accept", "text/html")
		response, err := env.HTTP.Transport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		size := len(body)
		for name, values := range response.Header {
			size += len(name) + len(strings.Join(values, ""))
		}
		if size > len(target)+8<<10 {
			t.Errorf("%.30s…, %d bytes: got %d with %d bytes", target, len(target), response.StatusCode, size)
		}
	}
}
