package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// The contract's rules refuse every other value.
var platforms = map[latchkeyv1.Platform]string{
	latchkeyv1.Platform_PLATFORM_WEB:     "web",
	latchkeyv1.Platform_PLATFORM_ANDROID: "android",
	latchkeyv1.Platform_PLATFORM_IOS:     "ios",
}

func (s *accountService) RegisterDevice(
	ctx context.Context, r *latchkeyv1.RegisterDeviceRequest,
) (*latchkeyv1.RegisterDeviceResponse, error) {
	if err := s.accounts.RegisterDevice(ctx, actor(ctx), account.RegisterDeviceInput{
		Token: secret.NewText(r.GetToken()), Platform: platforms[r.GetPlatform()], Name: r.GetName(),
	}); err != nil {
		return nil, err
	}
	return &latchkeyv1.RegisterDeviceResponse{}, nil
}

func (s *accountService) UnregisterDevice(
	ctx context.Context, r *latchkeyv1.UnregisterDeviceRequest,
) (*latchkeyv1.UnregisterDeviceResponse, error) {
	if err := s.accounts.UnregisterDevice(ctx, actor(ctx), secret.NewText(r.GetToken())); err != nil {
		return nil, err
	}
	return &latchkeyv1.UnregisterDeviceResponse{}, nil
}
