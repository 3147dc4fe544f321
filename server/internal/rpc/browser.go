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

// SessionHeader is the request header by which a caller chooses where tokens travel: "cookie" in HttpOnly cookies alone,
// without it in messages and the Authorization header alone. The one never counts where the other was chosen.
//
// A page on another site cannot send it without asking first (CORS), so that a cookie that a browser adds by itself is
// worth nothing (OWASP ASVS 5.0 3.5.2).
const SessionHeader = "Latchkey-Session"

const cookieMode = "cookie"

// browser is a call in cookie mode.
type browser struct {
	cookies Cookies
	// access and refresh are empty when the cookie is missing.
	access, refresh secret.Text
	// ambiguous says that there are several of them.
	ambiguous bool
	// refused is why the call must not go on, whatever it is.
	refused error
	answer  http.Header
	clock   func() time.Time
}

type browserKey struct{}

// browserFrom gives nil when tokens do not travel in cookies.
func browserFrom(ctx context.Context) *browser {
	b, _ := ctx.Value(browserKey{}).(*browser)
	return b
}

// held gives the tokens that the browser holds. It refuses when there are several, of which nobody can tell whose they are.
// Only what needs a token asks for them: signing in is open to a browser whatever it holds.
func (b *browser) held() (access, refresh secret.Text, err error) {
	if b.ambiguous {
		return secret.Text{}, secret.Text{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	return b.access, b.refresh, nil
}

// keep hands tokens to the browser, and to nobody else.
func (b *browser) keep(tokens session.Tokens) { b.set(b.cookies.of(tokens, b.clock())) }

// forget takes the tokens away from the browser.
func (b *browser) forget() { b.set(b.cookies.none()) }

// set replaces what was to be set before: a call may renew a session and then end it. What is set goes out with a refusal
// too: the tokens that the browser had are spent by then.
func (b *browser) set(cookies []*http.Cookie) {
	b.answer.Del("Set-Cookie")
	for _, c := range cookies {
		b.answer.Add("Set-Cookie", c.String())
	}
}

// browsers reads what cookie mode needs of a request, before its handler runs. Its refusals are left to the gate, which can
// tell them in every protocol.
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
		// The header alone should have held; this is the second lock.
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
