package rpc

import (
	"context"

	"google.golang.org/protobuf/types/known/emptypb"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

func (s *authService) GetSession(ctx context.Context, _ *latchkeyv1.GetSessionRequest) (*latchkeyv1.GetSessionResponse, error) {
	signedOut := &latchkeyv1.GetSessionResponse{Session: &latchkeyv1.GetSessionResponse_Empty{Empty: &emptypb.Empty{}}}
	who, ok := principalIfAny[sessionPrincipal](ctx)
	if !ok {
		return signedOut, nil
	}
	end, alive, err := s.sessions.EndOf(ctx, who.User, who.Session)
	if err != nil || !alive {
		return signedOut, err
	}
	return &latchkeyv1.GetSessionResponse{
		Session:   &latchkeyv1.GetSessionResponse_User{User: toUser(who.profile)},
		ExpiresAt: toTimestamp(end),
	}, nil
}
