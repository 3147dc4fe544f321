package rpc

import (
	"context"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// accountService implements AccountService. Methods that are missing here return Unimplemented.
type accountService struct {
	latchkeyv1connect.UnimplementedAccountServiceHandler

	accounts *account.Service
	sessions *session.Service
	activity *audit.Log
}

func (s *accountService) GetProfile(
	ctx context.Context, _ *latchkeyv1.GetProfileRequest,
) (*latchkeyv1.GetProfileResponse, error) {
	return &latchkeyv1.GetProfileResponse{User: toUser(principalFrom[sessionPrincipal](ctx).profile)}, nil
}

func (s *accountService) UpdateProfile(
	ctx context.Context, r *latchkeyv1.UpdateProfileRequest,
) (*latchkeyv1.UpdateProfileResponse, error) {
	user, err := s.accounts.UpdateProfile(ctx, actor(ctx), account.UpdateProfileInput{
		Name: r.Name, Nickname: r.Nickname, Locale: r.Locale,
	})
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.UpdateProfileResponse{User: toUser(user)}, nil
}

func (s *accountService) ChangePassword(
	ctx context.Context, r *latchkeyv1.ChangePasswordRequest,
) (*latchkeyv1.ChangePasswordResponse, error) {
	current, chosen := secret.NewText(r.GetCurrentPassword()), secret.NewText(r.GetNewPassword())
	var err error
	if current.Empty() {
		err = s.accounts.ReplacePassword(ctx, actor(ctx), principalFrom[sessionPrincipal](ctx).Access, chosen)
	} else {
		err = s.accounts.ChangePassword(ctx, actor(ctx), current, chosen)
	}
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.ChangePasswordResponse{}, nil
}

func (s *accountService) SetPassword(
	ctx context.Context, r *latchkeyv1.SetPasswordRequest,
) (*latchkeyv1.SetPasswordResponse, error) {
	if err := s.accounts.SetPassword(ctx, actor(ctx), secret.NewText(r.GetNewPassword())); err != nil {
		return nil, err
	}
	return &latchkeyv1.SetPasswordResponse{}, nil
}

func (s *accountService) Reauthenticate(
	ctx context.Context, r *latchkeyv1.ReauthenticateRequest,
) (*latchkeyv1.ReauthenticateResponse, error) {
	var err error
	// The contract's rules refuse a message without evidence.
	switch e := r.GetEvidence().(type) {
	case *latchkeyv1.ReauthenticateRequest_Password:
		err = s.accounts.Reauthenticate(ctx, actor(ctx), secret.NewText(e.Password))
	case *latchkeyv1.ReauthenticateRequest_VerificationId:
		err = s.accounts.ReauthenticateWithCode(ctx, actor(ctx), secret.NewText(e.VerificationId))
	}
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.ReauthenticateResponse{}, nil
}

func (s *accountService) ChangeContact(
	ctx context.Context, r *latchkeyv1.ChangeContactRequest,
) (*latchkeyv1.ChangeContactResponse, error) {
	user, err := s.accounts.ChangeContact(ctx, actor(ctx), secret.NewText(r.GetVerificationId()))
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.ChangeContactResponse{User: toUser(user)}, nil
}

func (s *accountService) ListActivity(
	ctx context.Context, r *latchkeyv1.ListActivityRequest,
) (*latchkeyv1.ListActivityResponse, error) {
	page, next, err := s.activity.List(ctx, principalFrom[sessionPrincipal](ctx).User, int(r.GetPageSize()), r.GetPageToken())
	if err != nil {
		return nil, err
	}
	answer := &latchkeyv1.ListActivityResponse{NextPageToken: next}
	for _, entry := range page {
		answer.Activity = append(answer.Activity, toActivity(entry))
	}
	return answer, nil
}

func (s *accountService) DeleteAccount(
	ctx context.Context, _ *latchkeyv1.DeleteAccountRequest,
) (*latchkeyv1.DeleteAccountResponse, error) {
	if err := s.accounts.DeleteAccount(ctx, actor(ctx)); err != nil {
		return nil, err
	}
	return &latchkeyv1.DeleteAccountResponse{}, nil
}
