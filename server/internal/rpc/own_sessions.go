package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// The methods by which users manage their own sessions.

func (s *accountService) SignOut(ctx context.Context, _ *latchkeyv1.SignOutRequest) (*latchkeyv1.SignOutResponse, error) {
	if err := s.accounts.SignOut(ctx, actor(ctx)); err != nil {
		return nil, err
	}
	return &latchkeyv1.SignOutResponse{}, nil
}

func (s *accountService) ListSessions(
	ctx context.Context, _ *latchkeyv1.ListSessionsRequest,
) (*latchkeyv1.ListSessionsResponse, error) {
	who := principalFrom[sessionPrincipal](ctx)
	rows, err := s.sessions.List(ctx, who.User)
	if err != nil {
		return nil, err
	}
	answer := &latchkeyv1.ListSessionsResponse{}
	for _, row := range rows {
		answer.Sessions = append(answer.Sessions, toSession(row, who.Session))
	}
	return answer, nil
}

func (s *accountService) RevokeSession(
	ctx context.Context, r *latchkeyv1.RevokeSessionRequest,
) (*latchkeyv1.RevokeSessionResponse, error) {
	session, err := id.ParseSession(r.GetSessionId())
	if err != nil {
		return nil, fault.New(latchkeyv1.Reason_REASON_NOT_FOUND)
	}
	if err := s.accounts.RevokeSession(ctx, actor(ctx), session); err != nil {
		return nil, err
	}
	if session == principalFrom[sessionPrincipal](ctx).Session {
		clearCookies(ctx)
	}
	return &latchkeyv1.RevokeSessionResponse{}, nil
}

func (s *accountService) RevokeOtherSessions(
	ctx context.Context, _ *latchkeyv1.RevokeOtherSessionsRequest,
) (*latchkeyv1.RevokeOtherSessionsResponse, error) {
	if err := s.accounts.RevokeOtherSessions(ctx, actor(ctx)); err != nil {
		return nil, err
	}
	return &latchkeyv1.RevokeOtherSessionsResponse{}, nil
}
