package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// writeTokens sends tokens to the caller in one of two ways: in cookies, and then the message has only their expiry; or in the
// message.
func writeTokens(ctx context.Context, tokens session.Tokens) *latchkeyv1.Tokens {
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

// signIn sends the tokens of a new session. It ends the session that the browser had before: after its cookies are replaced, its
// owner could not sign out of it any more, and an attacker could continue to use it (OWASP ASVS 5.0 7.2.4).
func (s *authService) signIn(ctx context.Context, tokens session.Tokens) *latchkeyv1.Tokens {
	if err := s.endFormer(ctx); err != nil && !isDead(err) {
		// The sign-in does not fail for this: the previous session expires if it is not used.
		s.log.WarnContext(ctx, "the former session of a browser could not be ended", "request", CallFrom(ctx).Client.RequestID, "error", err)
	}
	return writeTokens(ctx, tokens)
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
