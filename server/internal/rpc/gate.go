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

// recentSignIn is the maximum age of the authentication for methods that need a recent session (OWASP ASVS 5.0 7.5.3).
const recentSignIn = 10 * time.Minute

// gate admits or refuses a call before its message is read. It is part of the handler of each procedure, so that no spelling of a
// path can bypass it. It works the same for every protocol.
type gate struct {
	methods methodTable
	tokens  *token.Issuer
	// sessions checks that the session of a valid token is alive.
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

// admit switches on the method's access option first, and reads only the credentials that the option asks for.
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
		// Unknown options are refused.
		return ctx, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
}

// admitSession admits a signed-in user who meets a further condition, if there is one.
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

// admitOptional admits a signed-in user with a principal, and any other caller without one.
func (g gate) admitOptional(ctx context.Context, header http.Header) (context.Context, error) {
	who, err := g.session(ctx, header)
	if err == nil {
		return withPrincipal(ctx, who), nil
	}
	// The holder of a bearer token can renew it, and so must get the error.
	if !isDead(err) || browserFrom(ctx) == nil && fault.Is(err, latchkeyv1.Reason_REASON_TOKEN_EXPIRED) {
		return ctx, err
	}
	// The cookies are not deleted, even if they are invalid: another tab may have replaced them during this call.
	return ctx, nil
}

// requireRecent trusts a token that says that its user has authenticated recently. For an older token, it asks the database
// whether the user has authenticated again since the token was issued.
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

// session authenticates a signed-in user, by the credentials that the call has selected.
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

// service authenticates another service by its key, which is never sent in a cookie. There are no service keys yet, so it refuses
// every key. A user's token is not a service key.
func (gate) service(header http.Header) (servicePrincipal, error) { //nolint:unparam // no key, no principal
	if _, err := bearer(header); err != nil {
		return servicePrincipal{}, err
	}
	return servicePrincipal{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
}

// bearer returns the token in the Authorization header.
func bearer(header http.Header) (string, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return "", fault.New(latchkeyv1.Reason_REASON_TOKEN_MISSING)
	}
	// RFC 6750 section 2.1; the scheme is case-insensitive (RFC 9110 section 11.1). Two headers are a mistake, or an attack on a
	// proxy that reads the other one.
	scheme, text, ok := strings.Cut(values[0], " ")
	if len(values) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") {
		return "", fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	return text, nil
}

// byCookies renews the session within the call if the access token has expired, or its cookie has, and the refresh token has not.
// The page does not notice.
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
