package rpc

import (
	"net/http"
	"strings"
)

// origins decides which pages may act with cookies: the server's own, and those that an operator lists (OWASP ASVS 5.0 3.5.1).
//
// net/http's CrossOriginProtection does nearly the same. But it allows every GET, which may renew a session here. And if a
// browser does not send Fetch Metadata, it takes http and https for the same origin.
type origins struct {
	// scheme is the scheme of the server's public URL.
	scheme  string
	own     string
	allowed func(origin string) bool
}

func newOrigins(cookies Cookies, own string, allowed func(string) bool) origins {
	o := origins{scheme: "http", own: own, allowed: allowed}
	if cookies.Secure {
		o.scheme = "https"
	}
	return o
}

func (o origins) trusts(origin string) bool {
	return origin != "" && (origin == o.own || o.allowed(origin))
}

// allow reports whether a request comes from such a page, or from no page at all. Origins are compared byte by byte, as browsers
// write them.
func (o origins) allow(r *http.Request) bool {
	// Browsers send one Origin header at most. Two of them, joined, match no origin.
	origin := strings.Join(r.Header.Values("Origin"), ",")
	switch strings.Join(r.Header.Values("Sec-Fetch-Site"), ",") {
	case "same-origin", "none":
		return true
	case "":
		// Either a program, which has only its own cookies; or a browser from before 2023, or one that uses plain http.
		return origin == "" || o.trusts(origin) || origin == o.scheme+"://"+r.Host
	default:
		return o.trusts(origin)
	}
}
