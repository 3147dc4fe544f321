package rpc

import (
	"context"

	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Call is what the server knows of a request beside its message.
type Call struct {
	// Client is where the request comes from. Its RequestID is in the answer's X-Request-Id header, in errors, and in the log.
	Client session.Client
	// Locale is the language that the caller reads: "ko" or "en". See LocaleOf.
	Locale string
	// Outcome is what the access log says of the call; the transport sets it.
	Outcome string
}

type callKey struct{}

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
