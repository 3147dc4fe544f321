package rpc

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
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
		if spec.Procedure == latchkeyv1connect.AccountServiceSignOutProcedure && isDead(err) {
			forget(ctx)
		}
		return nil, g.errors.answer(ctx, err)
	}
	return ctx, nil
}

// isDead tells whether a refusal means that the caller's tokens are of no use any more.
func isDead(err error) bool {
	var refusal *fault.Error
	return errors.As(err, &refusal) &&
		(replies[refusal.Reason].code == connect.CodeUnauthenticated || refusal.Reason == latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
}

func (g gate) admit(ctx context.Context, access latchkeyv1.Access, header http.Header) (context.Context, error) {
	b := browserFrom(ctx)
	if b != nil && b.refused != nil {
		return ctx, b.refused
	}
	if access == latchkeyv1.Access_ACCESS_PUBLIC {
		return ctx, nil
	}
	var (
		who caller
		err error
	)
	if b != nil {
		who, err = g.byCookies(ctx, b)
	} else {
		who, err = g.byHeader(ctx, header)
	}
	if access == latchkeyv1.Access_ACCESS_OPTIONAL_SESSION && isDead(err) {
		// The holder of a bearer token can renew it, and has to be told so.
		if b == nil && fault.Is(err, latchkeyv1.Reason_REASON_TOKEN_EXPIRED) {
			return ctx, err
		}
		// The cookies stay, whatever they are worth: another tab may have replaced them while this call was under way.
		return ctx, nil
	}
	if err != nil {
		return ctx, err
	}
	switch access {
	case latchkeyv1.Access_ACCESS_SESSION, latchkeyv1.Access_ACCESS_OPTIONAL_SESSION:
	case latchkeyv1.Access_ACCESS_RECENT_SESSION:
		if g.clock().Sub(who.AuthenticatedAt) > recentSignIn {
			return ctx, fault.New(latchkeyv1.Reason_REASON_RECENT_SIGN_IN_REQUIRED)
		}
	case latchkeyv1.Access_ACCESS_ADMIN:
		if who.Role != account.AdminRole {
			return ctx, fault.New(latchkeyv1.Reason_REASON_ROLE_REQUIRED)
		}
	default:
		// A user's token is not a service key, and whatever else is not known here is refused.
		return ctx, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	return context.WithValue(ctx, callerKey{}, who), nil
}

func (g gate) byHeader(ctx context.Context, header http.Header) (caller, error) {
	values := header.Values("Authorization")
	if len(values) == 0 {
		return caller{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_MISSING)
	}
	// RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). Two headers are a mistake or an
	// attack on a proxy that looks at the other one.
	scheme, text, ok := strings.Cut(values[0], " ")
	if len(values) > 1 || !ok || !strings.EqualFold(scheme, "Bearer") {
		return caller{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID)
	}
	return g.byToken(ctx, text)
}

// byCookies renews the session within the call when the access token has ended, or has gone with its cookie, and the
// refresh token has not. The page does not notice.
func (g gate) byCookies(ctx context.Context, b *browser) (caller, error) {
	access, refresh, err := b.held()
	if err != nil {
		return caller{}, err
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
		return caller{}, ended
	}
	tokens, err := g.sessions.Refresh(ctx, refresh, CallFrom(ctx).Client)
	if err != nil {
		return caller{}, err
	}
	b.keep(tokens)
	return g.byToken(ctx, tokens.Access.Text.Reveal())
}

func (g gate) byToken(ctx context.Context, text string) (caller, error) {
	access, err := g.tokens.ReadAccess(text)
	switch {
	case errors.Is(err, token.ErrExpired):
		return caller{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_EXPIRED)
	case err != nil:
		return caller{}, fault.New(latchkeyv1.Reason_REASON_TOKEN_INVALID).CausedBy(err)
	}
	user, err := g.sessions.Check(ctx, access)
	if err != nil {
		return caller{}, err
	}
	return caller{Access: access, profile: user}, nil
}
