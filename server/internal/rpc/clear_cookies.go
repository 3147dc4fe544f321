package rpc

import (
	"context"
	"errors"
	"slices"

	"connectrpc.com/connect"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// cookieClearer takes the cookies away from a browser when a method has ended its session. It stands inside the mapping of
// errors, since it decides by what was refused.
type cookieClearer struct{ methods methodTable }

// WrapUnary looks at the outcome of a call.
func (c cookieClearer) WrapUnary(next connect.UnaryFunc) connect.UnaryFunc {
	return func(ctx context.Context, request connect.AnyRequest) (connect.AnyResponse, error) {
		response, err := next(ctx, request)
		c.methods[request.Spec().Procedure].clearCookies(ctx, err)
		return response, err
	}
}

// WrapStreamingHandler looks at nothing: the headers of a stream, and cookies with them, go before its end.
func (cookieClearer) WrapStreamingHandler(next connect.StreamingHandlerFunc) connect.StreamingHandlerFunc {
	return next
}

// WrapStreamingClient is part of the interface; there is no client here.
func (cookieClearer) WrapStreamingClient(next connect.StreamingClientFunc) connect.StreamingClientFunc {
	return next
}

// clearCookies takes the cookies away from a browser, where the method ends its session and the outcome means that it has ended.
func (m method) clearCookies(ctx context.Context, err error) {
	if m.endsSession && (err == nil || isDead(err)) {
		clearCookies(ctx)
	}
}

// isDead reports whether a refusal means that the caller's tokens are of no use any more. A wrong password says nothing about
// them, and after a failure the session may live.
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

// clearCookies takes the tokens of a session that has ended away from a browser.
func clearCookies(ctx context.Context) {
	if b := browserFrom(ctx); b != nil {
		b.forget()
	}
}
