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
	access accessTable
	tokens *token.Issuer
	// sessions tells whether a session lives that a good token names.
	sessions *session.Service
	clock    func() time.Time
	errors   errorMapper
}

func (g gate) enter(ctx context.Context, spec connect.Spec, _ connect.Peer, header http.Header) (context.Context, error) {
	ctx, err := g.admit(ctx, g.access[spec.Procedure], header)
	if err != nil {
		return nil, g.errors.answer(ctx, err)
	}
	return ctx, nil
}

func (g gate) admit(ctx context.Context, access latchkeyv1.Access, header http.Header) (context.Context, error) {
	if access == latchkeyv1.Access_ACCESS_PUBLIC {
		return ctx, nil
	}
	caller, err := g.authenticate(header)
	if err != nil {
		return ctx, err
	}
	if err := g.sessions.Check(ctx, caller); err != nil {
		return ctx, err
	}
	switch access {
	case latchkeyv1.Access_ACCESS_SESSION:
	case latchkeyv1.Access_ACCESS_RECENT_SESSION:
		if g.clock().Sub(caller.AuthenticatedAt) > recentSignIn {
			return ctx, fault.New(latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED)
		}
	case latchkeyv1.Access_ACCESS_ADMIN:
		if caller.Role != account.AdminRole {
			return ctx, fault.New(latchkeyv1.Reason_REASON_ROLE_REQUIRED)
		}
	default:
		// A user's token is not a service key, and whatever else is not known here is refused.
		return ctx, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	return context.WithValue(ctx, callerKey{}, caller), nil
}

func (g gate) authenticate(header http.Header) (token.Access, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return token.Access{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_MISSING)
	}
	// RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). Two headers are a mistake or an
	// attack on a proxy that looks at the other one.
	scheme, text, ok := strings.Cut(values[0], " ")
	if len(values) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") {
		return token.Access{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	caller, err := g.tokens.ReadAccess(text)
	switch {
	case errors.Is(err, token.ErrExpired):
		return token.Access{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
	case err != nil:
		return token.Access{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID).CausedBy(err)
	}
	return caller, nil
}
