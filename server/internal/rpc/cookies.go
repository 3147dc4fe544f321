package rpc

import (
	"net/http"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Cookies says what the cookies of browsers look like.
type Cookies struct {
	// Secure cookies travel over TLS alone, and their names begin with __Host-, by which browsers see to it that nobody but
	// this very host has set them (rfc6265bis section 4.1.3.2).
	Secure bool
	// SameSite is Lax, or None for pages on another site.
	SameSite http.SameSite
	// Port, when it is not empty, stands in the names. Browsers send cookies to every port of a host (RFC 6265 section 8.5),
	// and two servers on one machine would sign each other's users out.
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

// of makes the cookies that carry the tokens. Each goes when its token ends.
func (c Cookies) of(tokens session.Tokens, now time.Time) []*http.Cookie {
	return []*http.Cookie{
		c.cookie(accessCookie, tokens.Access.Text.Reveal(), tokens.Access.ExpiresAt.Sub(now)),
		c.cookie(refreshCookie, tokens.Refresh.Text.Reveal(), tokens.Refresh.ExpiresAt.Sub(now)),
	}
}

// none takes the cookies away. Browsers go by the name, and want the same attributes.
func (c Cookies) none() []*http.Cookie {
	return []*http.Cookie{c.cookie(accessCookie, "", -1), c.cookie(refreshCookie, "", -1)}
}

func (c Cookies) cookie(name, value string, lives time.Duration) *http.Cookie {
	// Rounded up: the server decides when a token has ended. Less than nothing tells the browser to delete.
	seconds := int((lives + time.Second - 1) / time.Second)
	if lives <= 0 {
		seconds = -1
	}
	return &http.Cookie{ //nolint:gosec // Secure is off where the public URL says http, on a developer's machine
		Name: c.name(name), Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: c.Secure, SameSite: c.SameSite,
	}
}

// read gives the value of a cookie. Of several with one name nobody can tell which is whose, so none counts: ambiguous.
func (c Cookies) read(r *http.Request, name string) (value secret.Text, ambiguous bool) {
	found := r.CookiesNamed(c.name(name))
	switch len(found) {
	case 0:
		return secret.Text{}, false
	case 1:
		value := found[0].Value
		if found[0].Quoted {
			// To a browser, quotes are part of the value (RFC 6265 section 5.4), and a token has one spelling.
			value = `"` + value + `"`
		}
		return secret.NewText(value), false
	default:
		return secret.Text{}, true
	}
}
