package rpc

import (
	"context"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// Call is what the server knows of a request beside its message.
type Call struct {
	// RequestID stands in the answer's X-Request-Id header, in errors, and in the log.
	RequestID string
	// Client is where the request comes from.
	Client session.Client
	// Locale is the language that the caller reads: "ko" or "en". See LocaleOf.
	Locale string
	// Outcome is what the access log says of the call; the transport sets it.
	Outcome string
}

type callKey struct{}

type callerKey struct{}

// WithCall ties a Call to a request.
func WithCall(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// CallFrom gives the Call of a request. It never gives nil: a handler that is run without WithCall, in a test, gets an empty one.
func CallFrom(ctx context.Context) *Call {
	if call, ok := ctx.Value(callKey{}).(*Call); ok {
		return call
	}
	return &Call{}
}

// caller is who makes a call: what a verified access token says, and the account as it is now.
type caller struct {
	token.Access
	profile account.User
}

// callerFrom gives the caller. Only the gate puts it there, and only for methods that need a session; a handler of any
// other method must not ask.
func callerFrom(ctx context.Context) caller {
	who, ok := ctx.Value(callerKey{}).(caller)
	if !ok {
		panic("rpc: the handler of a method without a session asks for the caller")
	}
	return who
}

// callerIfAny returns the caller of a method that may be called without a session.
func callerIfAny(ctx context.Context) (who caller, ok bool) {
	who, ok = ctx.Value(callerKey{}).(caller)
	return who, ok
}
