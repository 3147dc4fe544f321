package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func (s *authService) Refresh(ctx context.Context, r *latchkeyv1.RefreshRequest) (*latchkeyv1.RefreshResponse, error) {
	presented := secret.NewText(r.GetRefreshToken())
	if b := browserFrom(ctx); b != nil {
		if !presented.Empty() {
			return nil, fault.Invalid(fault.Violation{
				Field: "refreshToken", Rule: "refresh_token.in_cookie", Message: "Leave this out: in cookie mode the token is read from its cookie.",
			})
		}
		var err error
		if _, presented, err = b.held(); err != nil {
			return nil, err
		}
	}
	if presented.Empty() {
		return nil, fault.New(latchkeyv1.Reason_REASON_TOKEN_MISSING)
	}
	tokens, err := s.sessions.Refresh(ctx, presented, CallFrom(ctx).Client)
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.RefreshResponse{Tokens: writeTokens(ctx, tokens)}, nil
}
