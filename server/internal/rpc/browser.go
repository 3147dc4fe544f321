package rpc

import (
	"context"
	"net/http"
	"strings"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// SessionHeader is the request header that selects where tokens are sent. With the value "cookie" they are sent in HttpOnly
// cookies only, without the header in messages and the Authorization header only. Tokens in the other place are ignored.
//
// A page on another site cannot send the header without a CORS preflight. So a cookie that a browser adds to a request by itself
// has no effect (OWASP ASVS 5.0 3.5.2).
const SessionHeader = "Latchkey-Session"

const cookieMode = "cookie"

// browser is the state of a call in cookie mode.
type browser struct {
	cookies Cookies
	// access and refresh are empty if the cookie is missing.
	access, refresh secret.Text
	// ambiguous means that a cookie is present several times.
	ambiguous bool
	// refused is the error to answer with, whatever the call is.
	refused error
	answer  http.Header
	clock   func() time.Time
}

type browserKey struct{}

// browserFrom returns nil unless the call is in cookie mode.
func browserFrom(ctx context.Context) *browser {
	b, _ := ctx.Value(browserKey{}).(*browser)
	return b
}

// held returns the tokens in the cookies. It refuses if a cookie is present several times, since the server cannot tell which one
// is genuine. Only methods that need a token call it: a browser can sign in whatever cookies it has.
func (b *browser) held() (access, refresh secret.Text, err error) {
	if b.ambiguous {
		return secret.Text{}, secret.Text{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	return b.access, b.refresh, nil
}

// keep sends tokens to the browser in cookies.
func (b *browser) keep(tokens session.Tokens) { b.set(b.cookies.of(tokens, b.clock())) }

// forget deletes the cookies of the browser.
func (b *browser) forget() { b.set(b.cookies.none()) }

// set replaces the cookies that were set before in this call: a call may renew a session and then end it. The cookies are sent
// with an error too, since the browser's old tokens are used by then.
func (b *browser) set(cookies []*http.Cookie) {
	b.answer.Del("Set-Cookie")
	for _, c := range cookies {
		b.answer.Add("Set-Cookie", c.String())
	}
}

// browsers reads what cookie mode needs from a request, before its handler runs. It leaves the errors to the gate, which can
// write them in every protocol.
type browsers struct {
	next    http.Handler
	cookies Cookies
	origins origins
	clock   func() time.Time
}

// ServeHTTP answers a call.
func (h browsers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	chosen := r.Header.Values(SessionHeader)
	if len(chosen) == 0 {
		h.next.ServeHTTP(w, r)
		return
	}
	b := &browser{cookies: h.cookies, answer: w.Header(), clock: h.clock}
	switch {
	case len(chosen) > 1 || !strings.EqualFold(chosen[0], cookieMode):
		b.refused = fault.Invalid(fault.Violation{
			Rule: "request.session_mode", Message: "Send the header " + SessionHeader + " with the value cookie, or not at all.",
		})
	case !h.origins.allow(r):
		// The header alone should be enough; this check is a second barrier.
		b.refused = fault.New(latchkeyv1.Reason_REASON_ORIGIN_REFUSED)
	default:
		b.read(r)
	}
	h.next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), browserKey{}, b)))
}

func (b *browser) read(r *http.Request) {
	var several [2]bool
	b.access, several[0] = b.cookies.read(r, accessCookie)
	b.refresh, several[1] = b.cookies.read(r, refreshCookie)
	b.ambiguous = several[0] || several[1]
}
