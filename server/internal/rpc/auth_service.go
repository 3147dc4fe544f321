package rpc

import (
	"context"
	"log/slog"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// authService implements AuthService. Methods that are missing here return Unimplemented.
type authService struct {
	latchkeyv1connect.UnimplementedAuthServiceHandler

	accounts      *account.Service
	verifications *verification.Service
	sessions      *session.Service
	tokens        *token.Issuer
	settings      *latchkeyv1.Settings
	log           *slog.Logger
}

func (s *authService) GetSettings(context.Context, *latchkeyv1.GetSettingsRequest) (*latchkeyv1.Settings, error) {
	return s.settings, nil
}

func (s *authService) CheckAvailability(
	ctx context.Context, r *latchkeyv1.CheckAvailabilityRequest,
) (*latchkeyv1.CheckAvailabilityResponse, error) {
	available, err := s.accounts.CheckAvailability(ctx, account.CheckAvailabilityInput{
		ContactInput: account.ContactInput{Email: r.GetEmail(), Phone: r.GetPhone()},
		Nickname:     r.GetNickname(),
		Client:       CallFrom(ctx).Client,
	})
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.CheckAvailabilityResponse{Available: available}, nil
}

func (s *authService) SendCode(ctx context.Context, r *latchkeyv1.SendCodeRequest) (*latchkeyv1.SendCodeResponse, error) {
	started, err := s.accounts.SendCode(ctx, account.SendCodeInput{
		Purpose:      purposes[r.GetPurpose()],
		ContactInput: account.ContactInput{Email: r.GetEmail(), Phone: r.GetPhone()},
		Locale:       CallFrom(ctx).Locale,
		Client:       CallFrom(ctx).Client,
	})
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.SendCodeResponse{
		VerificationId: started.Secret.Reveal(),
		ExpiresAt:      toTimestamp(started.ExpiresAt),
		ResendAt:       toTimestamp(started.ResendAt),
	}, nil
}

// The contract's rules refuse every other value.
var purposes = map[latchkeyv1.Purpose]verification.Purpose{
	latchkeyv1.Purpose_PURPOSE_SIGN_UP:        verification.SignUp,
	latchkeyv1.Purpose_PURPOSE_SIGN_IN:        verification.SignIn,
	latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD: verification.ResetPassword,
	latchkeyv1.Purpose_PURPOSE_CHANGE_CONTACT: verification.ChangeContact,
	latchkeyv1.Purpose_PURPOSE_REAUTHENTICATE: verification.Reauthenticate,
}

func (s *authService) VerifyCode(
	ctx context.Context, r *latchkeyv1.VerifyCodeRequest,
) (*latchkeyv1.VerifyCodeResponse, error) {
	proofEnd, err := s.verifications.Check(ctx, secret.NewText(r.GetVerificationId()), secret.NewText(r.GetCode()))
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.VerifyCodeResponse{ExpiresAt: toTimestamp(proofEnd)}, nil
}

func (s *authService) SignUp(ctx context.Context, r *latchkeyv1.SignUpRequest) (*latchkeyv1.SignUpResponse, error) {
	in := signUpInput(r)
	call := CallFrom(ctx)
	in.Client = call.Client
	if in.Locale == "" {
		in.Locale = call.Locale
	}
	signedIn, err := s.accounts.SignUp(ctx, in)
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.SignUpResponse{User: toUser(signedIn.User), Tokens: s.signIn(ctx, signedIn.Tokens)}, nil
}

func signUpInput(r *latchkeyv1.SignUpRequest) account.SignUpInput {
	return account.SignUpInput{
		Email:         r.GetEmail(),
		Phone:         r.GetPhone(),
		Name:          r.GetName(),
		Nickname:      r.GetNickname(),
		Password:      secret.NewText(r.GetPassword()),
		Role:          r.GetRole(),
		Locale:        r.GetLocale(),
		Verifications: toSecrets(r.GetVerificationIds()),
	}
}

func (s *authService) SignIn(ctx context.Context, r *latchkeyv1.SignInRequest) (*latchkeyv1.SignInResponse, error) {
	signedIn, err := s.accounts.SignIn(ctx, account.SignInInput{
		ContactInput: account.ContactInput{Email: r.GetEmail(), Phone: r.GetPhone()},
		Password:     secret.NewText(r.GetPassword()),
		Client:       CallFrom(ctx).Client,
	})
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.SignInResponse{User: toUser(signedIn.User), Tokens: s.signIn(ctx, signedIn.Tokens)}, nil
}

func (s *authService) SignInWithCode(
	ctx context.Context, r *latchkeyv1.SignInWithCodeRequest,
) (*latchkeyv1.SignInWithCodeResponse, error) {
	signedIn, err := s.accounts.SignInWithCode(ctx, secret.NewText(r.GetVerificationId()), CallFrom(ctx).Client)
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.SignInWithCodeResponse{User: toUser(signedIn.User), Tokens: s.signIn(ctx, signedIn.Tokens)}, nil
}

func (s *authService) ResetPassword(
	ctx context.Context, r *latchkeyv1.ResetPasswordRequest,
) (*latchkeyv1.ResetPasswordResponse, error) {
	err := s.accounts.ResetPassword(ctx,
		secret.NewText(r.GetVerificationId()), secret.NewText(r.GetNewPassword()), CallFrom(ctx).Client)
	if err != nil {
		return nil, err
	}
	return &latchkeyv1.ResetPasswordResponse{}, nil
}
