package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/admin"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// adminService implements AdminService. Methods that are missing here return Unimplemented.
type adminService struct {
	latchkeyv1connect.UnimplementedAdminServiceHandler

	admin *admin.Service
}

// target parses the id of the account that a call is about. An invalid id is NOT_FOUND.
func target(text string) (id.User, error) {
	user, err := id.ParseUser(text)
	if err != nil {
		return user, fault.New(latchkeyv1.Reason_REASON_NOT_FOUND)
	}
	return user, nil
}

func (s *adminService) GetUser(ctx context.Context, r *latchkeyv1.GetUserRequest) (*latchkeyv1.GetUserResponse, error) {
	user, err := target(r.GetUserId())
	if err != nil {
		return nil, err
	}
	record, err := s.admin.GetUser(ctx, user)
	if err != nil {
		return nil, err
	}
	answer := &latchkeyv1.GetUserResponse{User: toUser(record.User)}
	for _, row := range record.Sessions {
		answer.Sessions = append(answer.Sessions, toSession(row, principalFrom[sessionPrincipal](ctx).Session))
	}
	for _, send := range record.Sends {
		answer.Sends = append(answer.Sends, toSend(send))
	}
	return answer, nil
}

func (s *adminService) SendPush(ctx context.Context, r *latchkeyv1.SendPushRequest) (*latchkeyv1.SendPushResponse, error) {
	user, err := target(r.GetUserId())
	if err != nil {
		return nil, err
	}
	devices, err := s.admin.SendPush(ctx, actor(ctx), user, pushInput(r))
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.SendPushResponse{Devices: int32(devices)}, nil
}

func pushInput(r *latchkeyv1.SendPushRequest) admin.SendPushInput {
	return admin.SendPushInput{Title: r.GetTitle(), Body: r.GetBody(), Data: r.GetData()}
}

func (s *adminService) SetRole(ctx context.Context, r *latchkeyv1.SetRoleRequest) (*latchkeyv1.SetRoleResponse, error) {
	user, err := target(r.GetUserId())
	if err != nil {
		return nil, err
	}
	row, err := s.admin.SetRole(ctx, actor(ctx), user, r.GetRole())
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.SetRoleResponse{User: toUser(row)}, nil
}

func (s *adminService) Disable(ctx context.Context, r *latchkeyv1.DisableRequest) (*latchkeyv1.DisableResponse, error) {
	user, err := target(r.GetUserId())
	if err != nil {
		return nil, err
	}
	row, err := s.admin.Disable(ctx, actor(ctx), user, r.GetReason())
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.DisableResponse{User: toUser(row)}, nil
}

func (s *adminService) Enable(ctx context.Context, r *latchkeyv1.EnableRequest) (*latchkeyv1.EnableResponse, error) {
	user, err := target(r.GetUserId())
	if err != nil {
		return nil, err
	}
	row, err := s.admin.Enable(ctx, actor(ctx), user)
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.EnableResponse{User: toUser(row)}, nil
}

func (s *adminService) RevokeSessions(
	ctx context.Context, r *latchkeyv1.RevokeSessionsRequest,
) (*latchkeyv1.RevokeSessionsResponse, error) {
	user, err := target(r.GetUserId())
	if err != nil {
		return nil, err
	}
	if err := s.admin.RevokeSessions(ctx, actor(ctx), user); err != nil {
		return nil, err
	}
	return &latchkeyv1.RevokeSessionsResponse{}, nil
}
