package rpc

import (
	"context"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// principal is an authenticated caller of some kind. A public method has none. Each kind is its own type, so that no handler can
// take one for another.
type principal interface {
	sessionPrincipal | servicePrincipal
}

// sessionPrincipal is a signed-in user: the verified access token, and the account as it is now.
type sessionPrincipal struct {
	token.Access
	profile account.User
}

// servicePrincipal is another service, identified by its service key.
type servicePrincipal struct{}

type principalKey[P principal] struct{}

func withPrincipal[P principal](ctx context.Context, p P) context.Context {
	return context.WithValue(ctx, principalKey[P]{}, p)
}

// principalFrom returns the caller. Only the gate sets it, and its kind follows from the method's access option. The handler of a
// public method must not call it.
func principalFrom[P principal](ctx context.Context) P {
	p, ok := principalIfAny[P](ctx)
	if !ok {
		panic("rpc: a handler asks for a principal that its method does not have")
	}
	return p
}

// principalIfAny returns the caller of a method that can be called without a session.
func principalIfAny[P principal](ctx context.Context) (p P, ok bool) {
	p, ok = ctx.Value(principalKey[P]{}).(P)
	return p, ok
}

// actor returns the caller for the use-cases.
func actor(ctx context.Context) account.Caller {
	caller := principalFrom[sessionPrincipal](ctx)
	return account.Caller{User: caller.User, Session: caller.Session, Client: CallFrom(ctx).Client}
}
