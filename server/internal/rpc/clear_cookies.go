package rpc

import (
	"context"
	"errors"
	"slices"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// cookieClearer deletes the cookies of a browser after a method has ended its session. It runs inside the mapping of errors,
// since it needs the original error.
type cookieClearer struct{ methods methodTable }

// WrapUnary deletes the cookies depending on the outcome of a call.
func (c cookieClearer) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		response, err := next(ctx, request)
		c.methods[request.Spec().Procedure].clearCookies(ctx, err)
		return response, err
	}
}

// WrapStreamingHandler does nothing: the headers of a stream, and so cookies, are sent before its end.
func (cookieClearer) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// WrapStreamingClient is part of the interface; there is no client here.
func (cookieClearer) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// clearCookies deletes the cookies of a browser if the method ends its session and the outcome means that it has ended.
func (m method) clearCookies(ctx context.Context, err error) {
	if m.endsSession && (err == nil || isDead(err)) {
		clearCookies(ctx)
	}
}

// isDead reports whether an error means that the caller's tokens are useless from now on. A wrong password says nothing about
// them, and after an internal error the session may be alive.
func isDead(err error) bool {
	var refusal *fault.Error
	return errors.As(err, &refusal) && slices.Contains(deadTokens, refusal.Reason)
}

var deadTokens = []latchkeyv1.Reason{
	latchkeyv1.Reason_REASON_TOKEN_MISSING,
	latchkeyv1.Reason_REASON_TOKEN_INVALID,
	latchkeyv1.Reason_REASON_TOKEN_EXPIRED,
	latchkeyv1.Reason_REASON_SESSION_REVOKED,
	latchkeyv1.Reason_REASON_REFRESH_REUSED,
	latchkeyv1.Reason_REASON_ACCOUNT_DISABLED,
}

// clearCookies deletes the cookies with the tokens of an ended session.
func clearCookies(ctx context.Context) {
	if b := browserFrom(ctx); b != nil {
		b.forget()
	}
}
