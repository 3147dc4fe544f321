package app_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const (
	getSettings = "/latchkey.v1.AuthService/GetSettings"
	getProfile  = "/latchkey.v1.AccountService/GetProfile"
	signIn      = "/latchkey.v1.AuthService/SignIn"
)

// send sends a request; headers come in pairs.
func send(t testing.TB, env *latchkeytest.Env, method, path, body string, headers ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, env.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	response, err := env.HTTP.Transport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		t.Fatal(err)
	}
	return response
}

// listed are origins of every form that the settings accept.
var listedOrigins = []string{
	"https://app.example.org", "https://app.example.org:8443", "http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000",
	"https://xn--bcher-kva.example", "https://my_app.example.org",
}

func listing(s *settings.Settings) {
	s.Calls.SameSite, s.Calls.AllowedOrigins = rpc.SameSiteNone, listedOrigins
}

// unlisted are other origins, some of which look similar.
var unlisted = []string{
	"https://evil.example", "null", "", "*", "https://app.example.org.evil.example", "https://evil-app.example.org", "https://x.app.example.org",
	"http://app.example.org", "https://app.example.org:444", "https://app.example.org:443", "https://APP.example.org", "HTTPS://app.example.org",
	"https://app.example.org.", "https://app.example.org/", "https://app.example.org@evil.example", "https://evil.example@app.example.org",
	"https://app.example.org https://evil.example", "https://app.example.or", "http://localhost", "http://localhost:5174",
}

// preflights are the requests of browsers before they let a page call, by client: the method, and the headers in the form of the
// Fetch standard (section 4.8).
var preflights = map[string][2]string{
	"Connect JSON, with cookies":            {"POST", "connect-protocol-version,content-type,latchkey-session"},
	"Connect binary, with a time limit":     {"POST", "connect-protocol-version,connect-timeout-ms,content-type,latchkey-session"},
	"Connect, with a token":                 {"POST", "authorization,connect-protocol-version,content-type"},
	"Connect GET, with cookies":             {"GET", "latchkey-session"},
	"Connect GET, with a token and a limit": {"GET", "authorization,connect-timeout-ms"},
	"gRPC-Web, with cookies":                {"POST", "content-type,grpc-timeout,latchkey-session,x-grpc-web,x-user-agent"},
	"gRPC-Web, with a token":                {"POST", "authorization,content-type,x-grpc-web"},
}

func TestCK05_ListedPagesMayCall(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.At("https://latchkey.test"), latchkeytest.With(listing))
	taken := latchkeytest.Defaults(t)
	listing(&taken)
	taken.Server.PublicURL = env.PublicURL
	if found := taken.Problems(); len(found) > 0 {
		t.Fatalf("the server would not start with these settings: %v", found)
	}

	for _, origin := range listedOrigins {
		for client, asked := range preflights {
			h := send(t, env, http.MethodOptions, getProfile, "", "Origin", origin,
				"Access-Control-Request-Method", asked[0], "Access-Control-Request-Headers", asked[1]).Header
			if h.Get("Access-Control-Allow-Origin") != origin || h.Get("Access-Control-Allow-Credentials") != "true" ||
				!includes(h, "Access-Control-Allow-Methods", asked[0]) || !includes(h, "Vary", "Origin") || h.Get("Access-Control-Max-Age") != "7200" {
				t.Errorf("%s of %s may not call: %v", client, origin, h)
			}
			for name := range strings.SplitSeq(asked[1], ",") {
				if !includes(h, "Access-Control-Allow-Headers", name) {
					t.Errorf("%s of %s may not send %s: %v", client, origin, name, h)
				}
			}
		}
		// The check of cookies accepts every origin that the settings accept.
		browser := env.Browser()
		browser.Page = origin
		browser.SeesProfileFails(latchkeyv1.Reason_REASON_TOKEN_MISSING)
		readable(t, browser.Last().Header, origin)
	}
	// Pages can read errors too, including those of connect and of the router.
	for _, response := range []*http.Response{
		send(t, env, http.MethodPost, signIn, "{}", "Origin", listedOrigins[0], "Content-Type", "application/json"),
		send(t, env, http.MethodPost, signIn, "{}", "Origin", listedOrigins[0], "Content-Type", "text/plain"),
		send(t, env, http.MethodPost, "/latchkey.v1.AuthService/None", "{}", "Origin", listedOrigins[0], "Content-Type", "application/json"),
		send(t, env, http.MethodGet, getSettings+"?encoding=json&message={}", "", "Origin", listedOrigins[0]),
	} {
		readable(t, response.Header, listedOrigins[0])
	}
}

// readable checks that a page may read a response and the headers that its client needs.
func readable(t testing.TB, h http.Header, origin string) {
	t.Helper()
	if len(h.Values("Access-Control-Allow-Origin")) != 1 || h.Get("Access-Control-Allow-Origin") != origin ||
		h.Get("Access-Control-Allow-Credentials") != "true" || !includes(h, "Vary", "Origin") {
		t.Errorf("%s may not read the answer: %v", origin, h)
	}
	for _, name := range []string{"X-Request-Id", "Retry-After", "Grpc-Status", "Grpc-Message", "Grpc-Status-Details-Bin"} {
		if !includes(h, "Access-Control-Expose-Headers", name) {
			t.Errorf("%s may not read %s: %v", origin, name, h)
		}
	}
}

func includes(h http.Header, list, entry string) bool {
	return slices.ContainsFunc(strings.Split(strings.Join(h.Values(list), ","), ","), func(found string) bool {
		return strings.EqualFold(strings.TrimSpace(found), entry)
	})
}

func TestCK05_OtherPagesMayNot(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.At("https://latchkey.test"), latchkeytest.With(listing))
	for _, origin := range unlisted {
		for client, asked := range preflights {
			preflight := send(t, env, http.MethodOptions, getProfile, "", "Origin", origin,
				"Access-Control-Request-Method", asked[0], "Access-Control-Request-Headers", asked[1])
			if got := corsHeaders(preflight.Header); len(got) > 0 || !includes(preflight.Header, "Vary", "Origin") {
				t.Errorf("%s of %q is answered %v", client, origin, preflight.Header)
			}
		}
		call := send(t, env, http.MethodPost, getSettings, "{}", "Origin", origin, "Content-Type", "application/json")
		if got := corsHeaders(call.Header); len(got) > 0 || !includes(call.Header, "Vary", "Origin") {
			t.Errorf("%q may read an answer: %v", origin, call.Header)
		}
	}
	// A listed page cannot use headers that no client of ours needs.
	for _, asked := range [][2]string{{"PUT", "content-type"}, {"DELETE", ""}, {"POST", "x-evil"}, {"POST", "content-type,cookie"}, {"post", "content-type"}} {
		preflight := send(t, env, http.MethodOptions, getProfile, "", "Origin", listedOrigins[0],
			"Access-Control-Request-Method", asked[0], "Access-Control-Request-Headers", asked[1])
		if got := corsHeaders(preflight.Header); len(got) > 0 {
			t.Errorf("%v is allowed: %v", asked, got)
		}
	}
	// Pages on other hosts can use the API only.
	for _, path := range []string{"/", "/dev/outbox", "/healthz"} {
		if got := corsHeaders(send(t, env, http.MethodGet, path, "", "Origin", listedOrigins[0]).Header); len(got) > 0 {
			t.Errorf("%s may be read from elsewhere: %v", path, got)
		}
	}
}

func TestCK05_WithoutTheSettingNoPageElsewhereMayCall(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	for _, origin := range append(slices.Clone(listedOrigins), latchkeytest.PublicURL, "null") {
		preflight := send(t, env, http.MethodOptions, getProfile, "", "Origin", origin,
			"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,latchkey-session")
		call := send(t, env, http.MethodPost, getSettings, "{}", "Origin", origin, "Content-Type", "application/json")
		if got := append(corsHeaders(preflight.Header), corsHeaders(call.Header)...); len(got) > 0 {
			t.Errorf("%s may call: %v", origin, got)
		}
	}
}

func corsHeaders(h http.Header) []string {
	var found []string
	for name := range h {
		if strings.HasPrefix(name, "Access-Control-") {
			found = append(found, name)
		}
	}
	return found
}
