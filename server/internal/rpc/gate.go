package rpc

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// recentSignIn is how old the authentication may be for what needs a recent one (OWASP ASVS 5.0 7.5.3).
const recentSignIn = 10 * time.Minute

// gate lets a call in or refuses it, before its message is read. It belongs to the handler of each procedure, so that no
// spelling of a path leads around it, and it holds for every protocol alike.
type gate struct {
	methods methodTable
	tokens  *token.Issuer
	// sessions checks that the session of a good token is alive.
	sessions *session.Service
	clock    func() time.Time
	errors   errorMapper
}

func (g gate) enter(ctx context.Context, spec connect.Spec, _ connect.Peer, header http.Header) (context.Context, error) {
	m := g.methods[spec.Procedure]
	admitted, err := g.admit(ctx, m.access, header)
	if err != nil {
		m.clearCookies(ctx, err)
		return nil, g.errors.answer(ctx, err)
	}
	return admitted, nil
}

// admit dispatches on the method's access option first, and reads only the credentials that the option asks for.
func (g gate) admit(ctx context.Context, access latchkeyv1.Access, header http.Header) (context.Context, error) {
	if b := browserFrom(ctx); b != nil && b.refused != nil {
		return ctx, b.refused
	}
	switch access {
	case latchkeyv1.Access_ACCESS_PUBLIC:
		return ctx, nil
	case latchkeyv1.Access_ACCESS_OPTIONAL_SESSION:
		return g.admitOptional(ctx, header)
	case latchkeyv1.Access_ACCESS_SESSION:
		return g.admitSession(ctx, header, nil)
	case latchkeyv1.Access_ACCESS_RECENT_SESSION:
		return g.admitSession(ctx, header, g.requireRecent)
	case latchkeyv1.Access_ACCESS_ADMIN:
		return g.admitSession(ctx, header, requireAdmin)
	case latchkeyv1.Access_ACCESS_SERVICE:
		who, err := g.service(header)
		return withPrincipal(ctx, who), err
	default:
		// Whatever is not known here is refused.
		return ctx, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
}

// admitSession lets a signed-in user in who meets a further condition, if there is one.
func (g gate) admitSession(
	ctx context.Context, header http.Header, require func(context.Context, sessionPrincipal) error,
) (context.Context, error) {
	who, err := g.session(ctx, header)
	if err != nil {
		return ctx, err
	}
	if require != nil {
		if err := require(ctx, who); err != nil {
			return ctx, err
		}
	}
	return withPrincipal(ctx, who), nil
}

// admitOptional lets a signed-in user in as such, and anyone else without a principal.
func (g gate) admitOptional(ctx context.Context, header http.Header) (context.Context, error) {
	who, err := g.session(ctx, header)
	if err == nil {
		return withPrincipal(ctx, who), nil
	}
	// The holder of a bearer token can renew it, and has to be told so.
	if !isDead(err) || browserFrom(ctx) == nil && fault.Is(err, latchkeyv1.Reason_REASON_TOKEN_EXPIRED) {
		return ctx, err
	}
	// The cookies stay, whatever they are worth: another tab may have replaced them while this call was under way.
	return ctx, nil
}

// requireRecent believes a token that says that its user has authenticated lately. Of an older one, the database knows whether
// the user has proved again since it was made who they are.
func (g gate) requireRecent(ctx context.Context, who sessionPrincipal) error {
	start := g.clock().Add(-recentSignIn)
	if !who.AuthenticatedAt.Before(start) {
		return nil
	}
	at, err := g.sessions.AuthenticatedAt(ctx, who.Access)
	if err != nil {
		return err
	}
	if at.Before(start) {
		return fault.New(latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED)
	}
	return nil
}

func requireAdmin(_ context.Context, who sessionPrincipal) error {
	if who.Role != account.AdminRole {
		return fault.New(latchkeyv1.Reason_REASON_ROLE_REQUIRED)
	}
	return nil
}

// session authenticates a signed-in user, by the one way that the call has chosen.
func (g gate) session(ctx context.Context, header http.Header) (sessionPrincipal, error) {
	if b := browserFrom(ctx); b != nil {
		return g.byCookies(ctx, b)
	}
	text, err := bearer(header)
	if err != nil {
		return sessionPrincipal{}, err
	}
	return g.byToken(ctx, text)
}

// service authenticates another service by its key, which never travels in a cookie. No key can be made yet, so none is good;
// a user's token is not one.
func (gate) service(header http.Header) (servicePrincipal, error) { //nolint:unparam // no key, no principal
	if _, err := bearer(header); err != nil {
		return servicePrincipal{}, err
	}
	return servicePrincipal{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
}

// bearer returns the text of the Authorization header's token.
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", fault.New(latchkeyv1.Reason_REASON_TOKEN_MISSING)
	}
	// RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). Two headers are a mistake or an
	// attack on a proxy that looks at the other one.
	scheme, text, ok := strings.Cut(values[0], " ")
	if len(values) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	return text, nil
}

// byCookies renews the session within the call when the access token has ended, or has gone with its cookie, and the
// refresh token has not. The page does not notice.
func (g gate) byCookies(ctx context.Context, b *browser) (sessionPrincipal, error) {
	access, refresh, err := b.held()
	if err != nil {
		return sessionPrincipal{}, err
	}
	ended := fault.New(latchkeyv1.Reason_REASON_TOKEN_MISSING)
	if !access.Empty() {
		who, err := g.byToken(ctx, access.Reveal())
		if !fault.Is(err, latchkeyv1.Reason_REASON_TOKEN_EXPIRED) {
			return who, err
		}
		ended = fault.New(latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
	}
	if refresh.Empty() {
		return sessionPrincipal{}, ended
	}
	tokens, err := g.sessions.Refresh(ctx, refresh, CallFrom(ctx).Client)
	if err != nil {
		return sessionPrincipal{}, err
	}
	b.keep(tokens)
	return g.byToken(ctx, tokens.Access.Text.Reveal())
}

func (g gate) byToken(ctx context.Context, text string) (sessionPrincipal, error) {
	access, err := g.tokens.ReadAccess(text)
	switch {
	case errors.Is(err, token.ErrExpired):
		return sessionPrincipal{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
	case err != nil:
		return sessionPrincipal{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID).CausedBy(err)
	}
	user, err := g.sessions.Check(ctx, access)
	if err != nil {
		return sessionPrincipal{}, err
	}
	return sessionPrincipal{Access: access, profile: user}, nil
}
