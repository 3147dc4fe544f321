package rpc

import (
	"context"

	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Call is what the server knows about a request besides its message.
type Call struct {
	// Client describes the client. Its RequestID is in the X-Request-Id header of the response, in errors, and in the log.
	Client session.Client
	// Locale is the language of the caller: "ko" or "en". See LocaleOf.
	Locale string
	// Outcome is the outcome for the access log. This package sets it.
	Outcome string
}

type callKey struct{}

// WithCall returns a context with a Call.
func WithCall(ctx context.Context, call *Call) context.Context {
	return context.WithValue(ctx, callKey{}, call)
}

// CallFrom returns the Call of a request. It never returns nil: a handler that runs without WithCall, in a test, gets an empty
// Call.
func CallFrom(ctx context.Context) *Call {
	if call, ok := ctx.Value(callKey{}).(*Call); ok {
		return call
	}
	return &Call{}
}
