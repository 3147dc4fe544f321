package app

import (
	"cmp"
	"context"
	"crypto/rand"
	"net/http"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// The paths of health checks.
const (
	healthPath = "/healthz"
	readyPath  = "/readyz"
)

func (a *App) routes(calls http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+healthPath, a.health)
	mux.HandleFunc("GET "+readyPath, a.ready)
	mux.HandleFunc("GET /.well-known/jwks.json", a.keySet)
	a.pages(mux)
	calls = crossOrigin(a.requests.bound(calls, refuseCall), a.origins)
	return a.identify(a.logged(a.harden(split(noStore(calls), a.boundPages(mux)))))
}

// boundPages counts health checks separately: a server or a network at its limit is still alive.
func (a *App) boundPages(pages http.Handler) http.Handler {
	pages = limitRequestTarget(pages)
	probes, others := a.probes.bound(pages, refusePage), a.requests.bound(pages, refusePage)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == healthPath || r.URL.Path == readyPath {
			probes.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// split sends every request that looks like a call to the handler of calls, which answers unknown methods in their own protocol.
// A ServeMux cannot do this: the services share a prefix that does not end with a slash.
func split(calls, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Anywhere in the path: a path that a router would clean and redirect is refused like any unknown method.
		if strings.Contains(r.URL.Path, "/latchkey.") {
			calls.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// callTimeout bounds every call. A caller may ask for a shorter deadline.
const callTimeout = 15 * time.Second

// identify sets the id, the deadline and the client address of every request.
func (a *App) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := &rpc.Call{
			Client: session.NewClient(r.UserAgent(), a.addresses.of(r), "req_"+rand.Text()),
			Locale: rpc.LocaleOf(r.Header, a.cfg.Settings.Calls.DefaultLocale),
		}
		w.Header().Set("X-Request-Id", call.Client.RequestID)
		ctx, cancel := context.WithTimeoutCause(r.Context(), cmp.Or(a.cfg.CallTimeout, callTimeout), rpc.ErrCallTimeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(rpc.WithCall(ctx, call)))
	})
}

// harden sets headers against content sniffing, framing and leaks (OWASP ASVS 5.0 3.4).
func (a *App) harden(next http.Handler) http.Handler {
	tls := strings.HasPrefix(a.cfg.PublicURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("Content-Security-Policy", contentSecurityPolicy)
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		if tls {
			header.Set("Strict-Transport-Security", strictTransport)
		}
		next.ServeHTTP(w, r)
	})
}

// One year, for this host only: its subdomains may belong to others (RFC 6797 section 6.1).
const strictTransport = "max-age=31536000"

// The pages need their own style sheet and nothing else.
const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// noStore keeps responses, which contain tokens and personal data, out of every cache (OWASP ASVS 5.0 14.3.2).
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
