package rpc

import (
	"context"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// principal is a kind of caller whom the gate has authenticated. A public method has none. The kinds are distinct types, so
// that no handler takes one for the other.
type principal interface {
	sessionPrincipal | servicePrincipal
}

// sessionPrincipal is a signed-in user: what a verified access token says, and the account as it is now.
type sessionPrincipal struct {
	token.Access
	profile account.User
}

// servicePrincipal is another service, by its service key.
type servicePrincipal struct{}

type principalKey[P principal] struct{}

func withPrincipal[P principal](ctx context.Context, p P) context.Context {
	return context.WithValue(ctx, principalKey[P]{}, p)
}

// principalFrom returns the caller. Only the gate puts one there, of the kind that the method's access option names; the
// handler of any other method must not ask.
func principalFrom[P principal](ctx context.Context) P {
	p, ok := principalIfAny[P](ctx)
	if !ok {
		panic("rpc: a handler asks for a principal that its method does not have")
	}
	return p
}

// principalIfAny returns the caller of a method that may be called without a session.
func principalIfAny[P principal](ctx context.Context) (p P, ok bool) {
	p, ok = ctx.Value(principalKey[P]{}).(P)
	return p, ok
}
