package app

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/rpc"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// A client that is slower than this has gone away, or wants to hold the connection.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 30 * time.Second
	idleTimeout       = 2 * time.Minute
	// The server's deadline rules, whatever deadline a caller asks for.
	callTimeout = 15 * time.Second
	// A browser's cookies for one host stay below this.
	maxHeaderBytes = 32 << 10
)

func newHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true)
	// gRPC without TLS: behind a proxy of the team's own, and at a developer's machine.
	protocols.SetUnencryptedHTTP2(true)
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		Protocols:         &protocols,
		// One connection cannot keep more calls than this under way.
		HTTP2:    &http.HTTP2Config{MaxConcurrentStreams: 100},
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func (a *App) routes(calls http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", a.health)
	mux.HandleFunc("GET /readyz", a.ready)
	mux.HandleFunc("GET /.well-known/jwks.json", a.keySet)
	a.pages(mux)
	return a.identify(a.logged(a.harden(split(noStore(crossOrigin(calls, a.origins)), mux))))
}

// split sends everything that looks like a call to the handler of calls, which refuses what is none in its own words. A
// ServeMux cannot: services share a prefix that does not end with a slash.
func split(calls, pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Anywhere in the path: what a router would clean and redirect is refused like every other unknown method.
		if strings.Contains(r.URL.Path, "/latchkey.") {
			calls.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
}

// identify gives every request an id and a deadline, and notes where it comes from.
func (a *App) identify(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		call := &rpc.Call{
			RequestID: "req_" + rand.Text(),
			Client:    session.NewClient(r.UserAgent(), a.addresses.of(r)),
			Locale:    rpc.LocaleOf(r.Header, a.cfg.Settings.DefaultLocale),
		}
		w.Header().Set("X-Request-Id", call.RequestID)
		ctx, cancel := context.WithTimeout(r.Context(), callTimeout)
		defer cancel()
		next.ServeHTTP(w, r.WithContext(rpc.WithCall(ctx, call)))
	})
}

// harden sets what keeps a browser from guessing, framing and leaking (OWASP ASVS 5.0 3.4).
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

// A year, for this host: what other names of its domain do is not ours to decide (RFC 6797 section 6.1).
const strictTransport = "max-age=31536000"

// The pages need a style sheet of their own and nothing else.
const contentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// noStore keeps answers, which hold tokens and personal data, out of every cache (OWASP ASVS 5.0 14.3.2).
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
