package app_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const builtPage = `<!doctype html><script type="module" src="/assets/index-abc123.js"></script>`

var builtScript = strings.Repeat("console.log(1);\n", 200)

func builtFrontend(t *testing.T) fstest.MapFS {
	t.Helper()
	var small bytes.Buffer
	w := gzip.NewWriter(&small)
	if _, err := io.WriteString(w, builtScript); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return fstest.MapFS{
		"index.html":                {Data: []byte(builtPage)},
		"favicon.svg":               {Data: []byte("<svg/>")},
		"assets/index-abc123.js":    {Data: []byte(builtScript)},
		"assets/index-abc123.js.gz": {Data: small.Bytes()},
		"assets/index-abc123.js.br": {Data: []byte("brotli, as far as this test can tell")},
	}
}

// visitor sends the requests of a browser.
type visitor struct {
	t   *testing.T
	env *latchkeytest.Env
}

func (v visitor) asks(method, path string, headers ...string) (*http.Response, string) {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.t.Context(), method, v.env.URL+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	// If the header is set explicitly, Go's client does not decompress.
	request.Header.Set("Accept-Encoding", "identity")
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := v.env.HTTP.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return response, string(body)
}

const navigation = "text/html,application/xhtml+xml,*/*;q=0.8"

func TestFrontend(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.WithFrontend(builtFrontend(t)))
	env.Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"every address of the page leads to it": func(t *testing.T, env *latchkeytest.Env) {
			v := visitor{t, env}
			for _, path := range []string{"/", "/sign-in", "/profile/email?x=1", "/index.html", "/a.b", "/..%2f..%2fetc/passwd", "/%00"} {
				response, body := v.asks(http.MethodGet, path, "Accept", navigation)
				if response.StatusCode != http.StatusOK || body != builtPage {
					t.Errorf("%s answers %s: %.40s", path, response.Status, body)
				}
				if got := response.Header.Get("Content-Type"); got != "text/html; charset=utf-8" {
					t.Errorf("%s has the type %q", path, got)
				}
				if got := response.Header.Get("Cache-Control"); got != "no-cache" {
					t.Errorf("%s may be kept: %q", path, got)
				}
			}
		},
		"what is no address of the page is not found": func(t *testing.T, env *latchkeytest.Env) {
			v := visitor{t, env}
			for _, path := range []string{"/assets/index-gone.js", "/assets/index-abc123.js.gz", "/assets"} {
				accept := navigation
				if path == "/assets" {
					accept = "*/*"
				}
				if response, body := v.asks(http.MethodGet, path, "Accept", accept); response.StatusCode != http.StatusNotFound {
					t.Errorf("%s answers %s: %.40s", path, response.Status, body)
				}
			}
			if response, _ := v.asks(http.MethodGet, "/sign-in", "Accept", "application/json"); response.StatusCode != http.StatusNotFound {
				t.Errorf("a program finds a page: %s", response.Status)
			}
			if response, _ := v.asks(http.MethodPost, "/sign-in", "Accept", navigation); response.StatusCode != http.StatusMethodNotAllowed {
				t.Errorf("a POST to a page answers %s", response.Status)
			}
		},
		"files with their content in their name are kept for good": func(t *testing.T, env *latchkeytest.Env) {
			v := visitor{t, env}
			response, body := v.asks(http.MethodGet, "/assets/index-abc123.js")
			if body != builtScript || response.Header.Get("Content-Type") != "text/javascript; charset=utf-8" {
				t.Errorf("the script is %q, %.30s", response.Header.Get("Content-Type"), body)
			}
			if got := response.Header.Get("Cache-Control"); got != "public, max-age=31536000, immutable" {
				t.Errorf("Cache-Control is %q", got)
			}
			response, body = v.asks(http.MethodHead, "/assets/index-abc123.js")
			if response.StatusCode != http.StatusOK || body != "" || response.ContentLength != int64(len(builtScript)) {
				t.Errorf("HEAD answers %s with %d bytes of %d", response.Status, len(body), response.ContentLength)
			}
		},
		"a browser that has the newest page is told so": func(t *testing.T, env *latchkeytest.Env) {
			v := visitor{t, env}
			first, _ := v.asks(http.MethodGet, "/", "Accept", navigation)
			again, body := v.asks(http.MethodGet, "/sign-up", "Accept", navigation, "If-None-Match", first.Header.Get("ETag"))
			if again.StatusCode != http.StatusNotModified || body != "" {
				t.Errorf("it answers %s: %s", again.Status, body)
			}
		},
		"what is compressed already goes out so": func(t *testing.T, env *latchkeytest.Env) {
			v := visitor{t, env}
			tags := map[string]bool{}
			for accepted, wanted := range map[string]string{
				"gzip, deflate, br, zstd": "br", "gzip": "gzip", "GZIP;q=0.5, br;q=0": "gzip", "br;q=0.0, gzip; q=0": "", "identity": "", "x-gzip": "",
			} {
				response, body := v.asks(http.MethodGet, "/assets/index-abc123.js", "Accept-Encoding", accepted)
				if got := response.Header.Get("Content-Encoding"); got != wanted {
					t.Errorf("to %q it answers %q", accepted, got)
				}
				if !strings.Contains(response.Header.Get("Vary"), "Accept-Encoding") {
					t.Errorf("to %q, Vary is missing", accepted)
				}
				if got := response.Header.Get("Content-Type"); got != "text/javascript; charset=utf-8" {
					t.Errorf("to %q the type is %q", accepted, got)
				}
				if wanted == "" && body != builtScript {
					t.Errorf("to %q it sends %.30s", accepted, body)
				}
				tags[response.Header.Get("ETag")] = true
			}
			if len(tags) != 3 {
				t.Errorf("three ways of sending have the tags %v", tags)
			}
		},
		"CK09: the page may load its own files alone": func(t *testing.T, env *latchkeytest.Env) {
			v := visitor{t, env}
			response, _ := v.asks(http.MethodGet, "/", "Accept", navigation)
			policies := response.Header.Values("Content-Security-Policy")
			if len(policies) != 1 {
				t.Fatalf("there are %d policies", len(policies))
			}
			for _, wanted := range []string{
				"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'",
				"base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
			} {
				if !strings.Contains(policies[0]+";", wanted+";") {
					t.Errorf("the policy lacks %q: %s", wanted, policies[0])
				}
			}
			if strings.Contains(policies[0], "unsafe") || strings.Contains(policies[0], "http") {
				t.Errorf("the policy lets others in: %s", policies[0])
			}
		},
		"the server's own pages stay what they are": func(t *testing.T, env *latchkeytest.Env) {
			v := visitor{t, env}
			for path, wanted := range map[string]string{"/dev/outbox": "Outbox", "/healthz": "ok", "/sessions/disown": "This link is not whole"} {
				if _, body := v.asks(http.MethodGet, path, "Accept", navigation); !strings.Contains(body, wanted) {
					t.Errorf("%s lacks %q: %.60s", path, wanted, body)
				}
			}
			if response, _ := v.asks(http.MethodGet, "/latchkey.v1.AuthService/None", "Accept", navigation); response.StatusCode != http.StatusNotFound {
				t.Errorf("a call that is none answers %s", response.Status)
			}
		},
	})
}

func TestFrontend_ThatWasNotBuilt(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	v := visitor{t, env}
	if _, body := v.asks(http.MethodGet, "/", "Accept", navigation); !strings.Contains(body, "make build") {
		t.Errorf("the page does not tell how to build it: %s", body)
	}
	if response, _ := v.asks(http.MethodGet, "/sign-in", "Accept", navigation); response.StatusCode != http.StatusNotFound {
		t.Errorf("it answers %s", response.Status)
	}
}
