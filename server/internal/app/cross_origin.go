package app

import (
	"net/http"
	"slices"
	"time"

	connectcors "connectrpc.com/cors"
	"github.com/rs/cors"

	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// preflightAge is how long browsers may cache a permission. No browser caches one for more than a day.
const preflightAge = 2 * time.Hour

// crossOrigin allows calls from pages of exactly these origins, with cookies and with tokens (OWASP ASVS 5.0 3.4.2). Without any,
// no page of another origin can call.
func crossOrigin(calls http.Handler, origins *allowedOrigins) http.Handler {
	if origins.none() {
		return calls
	}
	return cors.New(cors.Options{
		// By itself, the library supports wildcards and ignores case.
		AllowOriginVaryRequestFunc: func(r *http.Request, origin string) (bool, []string) {
			allowed := origins.allow(origin)
			if !allowed && !ownPage(r, origin) {
				origins.refused(r.Context(), origin)
			}
			return allowed, nil
		},
		AllowedMethods:   connectcors.AllowedMethods(),
		AllowedHeaders:   append(connectcors.AllowedHeaders(), "Authorization", rpc.SessionHeader, rpc.LocaleHeader),
		ExposedHeaders:   slices.Concat(connectcors.ExposedHeaders(), []string{"Retry-After", "X-Request-Id"}),
		AllowCredentials: true,
		MaxAge:           int(preflightAge.Seconds()),
	}).Handler(calls)
}

// ownPage reports whether a request comes from a page of this server. It needs no permission, although the browser sends its
// origin.
func ownPage(r *http.Request, origin string) bool {
	return r.Header.Get("Sec-Fetch-Site") == "same-origin" || origin == "http://"+r.Host || origin == "https://"+r.Host
}
