package rpc_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/gen/latchkey/v1/latchkeyv1connect"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// The same way to an account that curl goes, over every protocol that the port speaks.
func TestAP08_EveryProtocolServesTheWholeSession(t *testing.T) {
	t.Parallel()
	for name, protocol := range map[string]struct {
		options []connect.ClientOption
		http1   bool
	}{
		"gRPC":                 {options: []connect.ClientOption{connect.WithGRPC()}},
		"gRPC JSON":            {options: []connect.ClientOption{connect.WithGRPC(), connect.WithProtoJSON()}},
		"gRPC-Web":             {options: []connect.ClientOption{connect.WithGRPCWeb()}},
		"gRPC-Web on HTTP/1.1": {options: []connect.ClientOption{connect.WithGRPCWeb()}, http1: true},
		"Connect":              {},
		"Connect GET":          {options: []connect.ClientOption{connect.WithHTTPGet()}, http1: true},
		"Connect JSON":         {options: []connect.ClientOption{connect.WithProtoJSON(), connect.WithHTTPGet()}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			client := env.HTTP2()
			if protocol.http1 {
				client = env.HTTP
			}
			wholeSession(t, env, client, protocol.options...)
		})
	}
}

func wholeSession(t *testing.T, env *latchkeytest.Env, client *http.Client, options ...connect.ClientOption) {
	t.Helper()
	ctx := t.Context()
	auth := latchkeyv1connect.NewAuthServiceClient(client, env.URL, options...)
	account := latchkeyv1connect.NewAccountServiceClient(client, env.URL, options...)
	const address = "ada@example.com"

	settings, err := auth.GetSettings(ctx, &latchkeyv1.GetSettingsRequest{})
	if err != nil {
		t.Fatalf("GetSettings: %v", err)
	}
	if settings.GetEmail() != latchkeyv1.ContactRule_CONTACT_RULE_VERIFIED || settings.GetPhoneRegion() != "KR" ||
		settings.GetPasswordPolicy().GetMinLength() != 8 || !slices.Contains(settings.GetRoles(), "trainee") {
		t.Errorf("the settings are %v", settings)
	}

	free, err := auth.CheckAvailability(ctx, &latchkeyv1.CheckAvailabilityRequest{
		Contact: &latchkeyv1.CheckAvailabilityRequest_Email{Email: address},
	})
	if err != nil || !free.GetAvailable() {
		t.Fatalf("CheckAvailability: %v, %v", free, err)
	}

	sent, err := auth.SendCode(ctx, &latchkeyv1.SendCodeRequest{
		Purpose: latchkeyv1.Purpose_PURPOSE_SIGN_UP,
		Contact: &latchkeyv1.SendCodeRequest_Email{Email: address},
	})
	if err != nil {
		t.Fatalf("SendCode: %v", err)
	}
	wantSent := &latchkeyv1.SendCodeResponse{
		VerificationId: sent.GetVerificationId(), ExpiresAt: at(env, 10*time.Minute), ResendAt: at(env, time.Minute),
	}
	if diff := cmp.Diff(wantSent, sent, protocmp.Transform()); diff != "" || len(sent.GetVerificationId()) < 22 {
		t.Errorf("SendCode (-want +got):\n%s", diff)
	}

	proven, err := auth.VerifyCode(ctx, &latchkeyv1.VerifyCodeRequest{
		VerificationId: sent.GetVerificationId(), Code: mailedCode(t, env, address),
	})
	if err != nil {
		t.Fatalf("VerifyCode: %v", err)
	}
	if diff := cmp.Diff(at(env, 15*time.Minute), proven.GetExpiresAt(), protocmp.Transform()); diff != "" {
		t.Errorf("VerifyCode (-want +got):\n%s", diff)
	}

	signedUp, err := auth.SignUp(ctx, &latchkeyv1.SignUpRequest{
		Email: address, Phone: "010-1234-5678", Name: "Ada Lovelace", Nickname: "ada", Password: latchkeytest.Password,
		Role: "trainee", Locale: "ko", VerificationIds: []string{sent.GetVerificationId()},
	})
	if err != nil {
		t.Fatalf("SignUp: %v", err)
	}
	ada := &latchkeyv1.User{
		Id: signedUp.GetUser().GetId(), Email: address, EmailVerified: true, Phone: "+821012345678",
		Name: "Ada Lovelace", Nickname: "ada", Role: "trainee", Locale: "ko",
		CreatedAt: signedUp.GetUser().GetCreatedAt(), UpdatedAt: signedUp.GetUser().GetUpdatedAt(),
	}
	if diff := cmp.Diff(ada, signedUp.GetUser(), protocmp.Transform()); diff != "" || !strings.HasPrefix(ada.GetId(), "usr_") {
		t.Errorf("SignUp (-want +got):\n%s", diff)
	}

	_, err = account.GetProfile(ctx, &latchkeyv1.GetProfileRequest{})
	env.Refused(err, latchkeyv1.Reason_REASON_TOKEN_MISSING)
	if connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Errorf("GetProfile without a token: %v", err)
	}

	bearing, info := connect.NewClientContext(ctx)
	info.RequestHeader().Set("Authorization", "Bearer "+signedUp.GetTokens().GetAccessToken())
	profile, err := account.GetProfile(bearing, &latchkeyv1.GetProfileRequest{})
	if err != nil {
		t.Fatalf("GetProfile: %v", err)
	}
	if diff := cmp.Diff(ada, profile.GetUser(), protocmp.Transform()); diff != "" {
		t.Errorf("GetProfile (-want +got):\n%s", diff)
	}
	if id := info.ResponseHeader().Get("X-Request-Id"); !strings.HasPrefix(id, "req_") {
		t.Errorf("the request id is %q", id)
	}

	signedIn, err := auth.SignIn(ctx, &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Email{Email: "Ada@EXAMPLE.com"}, Password: latchkeytest.Password,
	})
	if err != nil {
		t.Fatalf("SignIn: %v", err)
	}
	if diff := cmp.Diff(ada, signedIn.GetUser(), protocmp.Transform()); diff != "" {
		t.Errorf("SignIn (-want +got):\n%s", diff)
	}
	if first, second := signedUp.GetTokens(), signedIn.GetTokens(); second.GetAccessToken() == first.GetAccessToken() ||
		strings.Count(second.GetAccessToken(), ".") != 2 || strings.Count(second.GetRefreshToken(), ".") != 2 {
		t.Error("SignIn returns no new tokens")
	}

	_, err = auth.SignIn(ctx, &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Email{Email: address}, Password: "another",
	})
	env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	_, err = auth.SignIn(ctx, &latchkeyv1.SignInRequest{})
	if detail := env.Refused(err, invalid); len(detail.GetViolations()) != 2 {
		t.Errorf("an empty SignIn breaks %v", detail.GetViolations())
	}
}
