package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/account"
)

// accountService serves what a signed-in user does with the own account. Methods that are not here yet answer
// Unimplemented.
type accountService struct {
	latchkeyv1connect.UnimplementedAccountServiceHandler

	accounts *account.Service
}

func (s *accountService) GetProfile(
	ctx context.Context, _ *latchkeyv1.GetProfileRequest,
) (*latchkeyv1.GetProfileResponse, error) {
	user, err := s.accounts.Profile(ctx, callerFrom(ctx).User)
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.GetProfileResponse{User: toUser(user)}, nil
}
