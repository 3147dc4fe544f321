package app

import (
	"net/http"
	"path"
	"strings"
)

const (
	// The longest URL of a page (RFC 9110 section 4.1 recommends to support at least 8,000 bytes).
	maxTarget = 8 << 10
	// A ServeMux redirects a path that is not clean, and escapes it twice: the response is ten times as long.
	maxUncleanTarget = 512
)

// limitRequestTarget refuses URLs that are longer than that of any page.
func limitRequestTarget(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch n := len(r.RequestURI); {
		case n > maxTarget:
			answer(w, http.StatusRequestURITooLong, "the address is too long")
		case n > maxUncleanTarget && !isClean(r.URL.Path):
			answer(w, http.StatusNotFound, "there is nothing here")
		default:
			pages.ServeHTTP(w, r)
		}
	})
}

// isClean reports whether a ServeMux accepts a path without a redirect. A slash at its end is kept.
func isClean(p string) bool {
	return p == "/" || path.Clean(p) == strings.TrimSuffix(p, "/")
}
