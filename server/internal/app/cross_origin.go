package app

import (
	"net/http"
	"slices"
	"time"

	connectcors "connectrpc.com/cors"
	"github.com/rs/cors"

	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// preflightAge is how long a browser may remember that a page may call. None remembers it for more than a day.
const preflightAge = 2 * time.Hour

// crossOrigin lets pages of exactly these origins call, with cookies. Without any, no page of another origin can.
func crossOrigin(calls http.Handler, origins []string) http.Handler {
	if len(origins) == 0 {
		return calls
	}
	return cors.New(cors.Options{
		AllowedOrigins:   origins,
		AllowedMethods:   connectcors.AllowedMethods(),
		AllowedHeaders:   append(connectcors.AllowedHeaders(), "Authorization", rpc.SessionHeader),
		ExposedHeaders:   slices.Concat(connectcors.ExposedHeaders(), []string{"Retry-After", "X-Request-Id"}),
		AllowCredentials: true,
		MaxAge:           int(preflightAge.Seconds()),
	}).Handler(calls)
}
