package rpc

import (
	"context"

	"github.com/latchkey-auth/latchkey/server/internal/account"
)

// actor returns the caller for the use-cases.
func actor(ctx context.Context) account.Caller {
	caller := principalFrom[sessionPrincipal](ctx)
	return account.Caller{User: caller.User, Session: caller.Session, Client: CallFrom(ctx).Client}
}
