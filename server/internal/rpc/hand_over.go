package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// handOver gives tokens to the caller, in one of the two ways and never in both: in cookies, and then the message tells
// only when they end; or in the message.
func handOver(ctx context.Context, tokens session.Tokens) *latchkeyv1.Tokens {
	message := &latchkeyv1.Tokens{
		AccessExpiresAt:  toTimestamp(tokens.Access.ExpiresAt),
		RefreshExpiresAt: toTimestamp(tokens.Refresh.ExpiresAt),
	}
	if b := browserFrom(ctx); b != nil {
		b.keep(tokens)
		return message
	}
	message.AccessToken = tokens.Access.Text.Reveal()
	message.RefreshToken = tokens.Refresh.Text.Reveal()
	return message
}

// forget takes the tokens of a session that has ended away from a browser.
func forget(ctx context.Context) {
	if b := browserFrom(ctx); b != nil {
		b.forget()
	}
}
