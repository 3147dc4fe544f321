package app_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Every response of the API, success or error, in every protocol, and every other response.
func TestCK09_EveryAnswerIsHardened(t *testing.T) {
	t.Parallel()
	for publicURL, transport := range map[string]string{"https://latchkey.test": "max-age=31536000", "http://latchkey.test": ""} {
		env := latchkeytest.New(t, latchkeytest.At(publicURL), latchkeytest.With(listing))
		const json = "application/json"
		large := `{"email":"` + strings.Repeat("a", 100_000) + `"}`
		calls := map[string]*http.Response{
			"a call":              send(t, env, http.MethodPost, getSettings, "{}", "Content-Type", json),
			"a GET":               send(t, env, http.MethodGet, getSettings+"?encoding=json&message={}", ""),
			"wrong fields":        send(t, env, http.MethodPost, signIn, "{}", "Content-Type", json),
			"no token":            send(t, env, http.MethodPost, getProfile, "{}", "Content-Type", json),
			"no such method":      send(t, env, http.MethodPost, "/latchkey.v1.AuthService/None", "{}", "Content-Type", json),
			"not a POST":          send(t, env, http.MethodPut, signIn, "{}", "Content-Type", json),
			"too large":           send(t, env, http.MethodPost, signIn, large, "Content-Type", json),
			"a form":              send(t, env, http.MethodPost, signIn, "email=a", "Content-Type", "application/x-www-form-urlencoded"),
			"cookies, from evil":  send(t, env, http.MethodPost, signIn, "{}", "Content-Type", json, "Latchkey-Session", "cookie", "Origin", "https://evil.example"),
			"gRPC":                send(t, env, http.MethodPost, getProfile, "\x00\x00\x00\x00\x00", "Content-Type", "application/grpc"),
			"gRPC, not a method":  send(t, env, http.MethodPost, "/latchkey.v1.AuthService/None", "", "Content-Type", "application/grpc"),
			"gRPC-Web":            send(t, env, http.MethodPost, getProfile, "\x00\x00\x00\x00\x00", "Content-Type", "application/grpc-web+proto"),
			"a preflight":         send(t, env, http.MethodOptions, signIn, "", "Origin", listedOrigins[0], "Access-Control-Request-Method", "POST"),
			"a preflight of evil": send(t, env, http.MethodOptions, signIn, "", "Origin", "https://evil.example", "Access-Control-Request-Method", "POST"),
		}
		for name, response := range calls {
			if control := response.Header.Values("Cache-Control"); len(control) != 1 || control[0] != "no-store" {
				t.Errorf("%s, %s: Cache-Control is %q", publicURL, name, control)
			}
		}
		maps.Copy(calls, map[string]*http.Response{
			"the page":        send(t, env, http.MethodGet, "/", ""),
			"the style sheet": send(t, env, http.MethodGet, "/page.css", ""),
			"the outbox":      send(t, env, http.MethodGet, "/dev/outbox", ""),
			"health":          send(t, env, http.MethodGet, "/healthz", ""),
			"the keys":        send(t, env, http.MethodGet, "/.well-known/jwks.json", ""),
			"no page":         send(t, env, http.MethodGet, "/nothing-here", ""),
		})
		for name, response := range calls {
			got := map[string]string{}
			for _, header := range []string{
				"Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy",
			} {
				got[header] = strings.Join(response.Header.Values(header), ", ")
			}
			want := map[string]string{
				"Strict-Transport-Security": transport, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
				"Cross-Origin-Opener-Policy": "same-origin",
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, %s (-want +got):\n%s", publicURL, name, diff)
			}
			policy := response.Header.Get("Content-Security-Policy")
			if !strings.Contains(policy, "frame-ancestors 'none'") || !strings.Contains(policy, "default-src 'none'") {
				t.Errorf("%s, %s: Content-Security-Policy is %q", publicURL, name, policy)
			}
			// Every page may read the public keys, but never with cookies.
			if response.Header.Get("Access-Control-Allow-Origin") == "*" && (name != "the keys" || response.Header.Get("Access-Control-Allow-Credentials") != "") {
				t.Errorf("%s, %s: every page may read it", publicURL, name)
			}
		}
	}
}
