package app

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// keySet serves the public keys, with which other services verify tokens (RFC 7517 section 5).
func (a *App) keySet(w http.ResponseWriter, r *http.Request) {
	keys := a.Tokens.KeySet()
	header := w.Header()
	// The type that large issuers use, so that every client accepts it, instead of application/jwk-set+json (RFC 7517 section
	// 8.5.1).
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(token.KeySetMaxAge/time.Second)))
	header.Set("ETag", keys.ETag)
	// Any page may read public keys.
	header.Set("Access-Control-Allow-Origin", "*")
	// ServeContent handles HEAD and If-None-Match too.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(keys.JSON))
}
