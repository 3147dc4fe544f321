package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
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

// signIn hands over the tokens of a new session. The session that the browser held before ends: with its cookies replaced,
// its owner could not sign out of it any more, and a thief could go on with it (OWASP ASVS 5.0 7.2.4).
func (s *authService) signIn(ctx context.Context, tokens session.Tokens) *latchkeyv1.Tokens {
	if err := s.endFormer(ctx); err != nil && !isDead(err) {
		// Nothing that the new session has to wait for: the former one ends by itself when nobody uses it.
		s.log.WarnContext(ctx, "the former session of a browser could not be ended", "request", CallFrom(ctx).Client.RequestID, "error", err)
	}
	return handOver(ctx, tokens)
}

func (s *authService) endFormer(ctx context.Context) error {
	b := browserFrom(ctx)
	if b == nil {
		return nil
	}
	_, refresh, err := b.held()
	if err != nil || refresh.Empty() {
		return err
	}
	former, err := s.tokens.ReadRefresh(refresh.Reveal())
	if err != nil {
		return nil //nolint:nilerr // it names no session
	}
	return s.accounts.SignOut(ctx, account.Caller{User: former.User, Session: former.Session, Client: CallFrom(ctx).Client})
}
