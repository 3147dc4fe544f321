package app

import (
	"bytes"
	"fmt"
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// keySet shows the public keys, with which others verify tokens by themselves (RFC 7517 section 5).
func (a *App) keySet(w http.ResponseWriter, r *http.Request) {
	keys := a.Tokens.KeySet()
	header := w.Header()
	// The type that the big issuers send, so that every client takes it, rather than application/jwk-set+json (RFC 7517
	// section 8.5.1).
	header.Set("Content-Type", "application/json")
	header.Set("Cache-Control", fmt.Sprintf("public, max-age=%d", int(token.KeySetMaxAge/time.Second)))
	header.Set("ETag", keys.ETag)
	// Public keys are for every page to read.
	header.Set("Access-Control-Allow-Origin", "*")
	// It answers HEAD and If-None-Match too.
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(keys.JSON))
}
