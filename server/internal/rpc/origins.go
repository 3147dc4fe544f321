package rpc

import (
	"net/http"
	"strings"
)

// origins tells whose pages may act with cookies: the server's own, and those that an operator names (OWASP ASVS 5.0 3.5.1).
//
// net/http's CrossOriginProtection asks nearly the same. But it lets every GET pass, which may renew a session here; and to
// it http and https are the same origin when a browser does not send Fetch Metadata.
type origins struct {
	// scheme is the one that the server is reached by.
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

// allow reports whether a request comes from such a page, or from no page at all. Origins are compared letter by letter, as
// browsers spell them.
func (o origins) allow(r *http.Request) bool {
	// Two of a kind come from no browser, and match nothing.
	origin := strings.Join(r.Header.Values("Origin"), ",")
	switch strings.Join(r.Header.Values("Sec-Fetch-Site"), ",") {
	case "same-origin", "none":
		return true
	case "":
		// A program, which holds no cookies but its own; or a browser from before 2023, or one that was told http.
		return origin == "" || o.trusts(origin) || origin == o.scheme+"://"+r.Host
	default:
		return o.trusts(origin)
	}
}
