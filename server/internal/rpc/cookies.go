package rpc

import (
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Cookies describes the cookies of browsers.
type Cookies struct {
	// Secure cookies are sent over TLS only. Their names begin with __Host-, so that browsers accept them from this host only
	// (rfc6265bis section 4.1.3.2).
	Secure bool
	// SameSite is Lax, or None if pages of another site need the cookies.
	SameSite http.SameSite
	// Port is part of the names, unless it is empty. Browsers send cookies to every port of a host (RFC 6265 section 8.5), so two
	// servers on one machine would sign each other's users out.
	Port string
}

const (
	accessCookie  = "latchkey-access"
	refreshCookie = "latchkey-refresh"
	hostPrefix    = "__Host-"
)

func (c Cookies) name(name string) string {
	if c.Port != "" {
		name += "-" + c.Port
	}
	if c.Secure {
		return hostPrefix + name
	}
	return name
}

// of returns the cookies with the tokens. Each cookie expires with its token.
func (c Cookies) of(tokens session.Tokens, now time.Time) []*http.Cookie {
	return []*http.Cookie{
		c.cookie(accessCookie, tokens.Access.Text.Reveal(), tokens.Access.ExpiresAt.Sub(now)),
		c.cookie(refreshCookie, tokens.Refresh.Text.Reveal(), tokens.Refresh.ExpiresAt.Sub(now)),
	}
}

// none returns cookies that delete those of the browser. Browsers identify a cookie by name and attributes.
func (c Cookies) none() []*http.Cookie {
	return []*http.Cookie{c.cookie(accessCookie, "", -1), c.cookie(refreshCookie, "", -1)}
}

func (c Cookies) cookie(name, value string, lives time.Duration) *http.Cookie {
	// Rounded up: the server decides when a token has expired. A negative age deletes the cookie.
	seconds := int((lives + time.Second - 1) / time.Second)
	if lives <= 0 {
		seconds = -1
	}
	return &http.Cookie{ //nolint:gosec // Secure is off where the public URL says http, on a developer's machine
		Name: c.name(name), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: c.Secure, SameSite: c.SameSite,
	}
}

// read returns the value of a cookie. If several cookies have the name, the server cannot tell which one is genuine, so ambiguous
// is true and none is used.
func (c Cookies) read(r *http.Request, name string) (value secret.Text, ambiguous bool) {
	found := r.CookiesNamed(c.name(name))
	switch len(found) {
	case 0:
		return secret.Text{}, false
	case 1:
		value := found[0].Value
		if found[0].Quoted {
			// Browsers count quotes as part of the value (RFC 6265 section 5.4), and a token has only one spelling.
			value = `"` + value + `"`
		}
		return secret.NewText(value), false
	default:
		return secret.Text{}, true
	}
}
