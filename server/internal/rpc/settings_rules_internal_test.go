package rpc

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/admin"
	"github.com/latchkey-auth/latchkey/server/internal/password"
)

// withoutSettingsRules are the requests that settings have no rules for, or rules that only the use-case checks: whether a contact
// exists in the region of the settings is asked when the contract's rules of its shape are kept.
var withoutSettingsRules = []proto.Message{
	&latchkeyv1.GetSettingsRequest{}, &latchkeyv1.GetSessionRequest{}, &latchkeyv1.CheckAvailabilityRequest{}, &latchkeyv1.SendCodeRequest{},
	&latchkeyv1.VerifyCodeRequest{}, &latchkeyv1.SignInRequest{}, &latchkeyv1.SignInWithCodeRequest{}, &latchkeyv1.RefreshRequest{},
	&latchkeyv1.StartSocialSignInRequest{},
	// Not served yet. It will need those of SignUpRequest.
	&latchkeyv1.FinishSocialSignUpRequest{},

	&latchkeyv1.GetProfileRequest{}, &latchkeyv1.UpdateProfileRequest{}, &latchkeyv1.ChangeContactRequest{}, &latchkeyv1.ReauthenticateRequest{},
	&latchkeyv1.SignOutRequest{}, &latchkeyv1.ListSessionsRequest{}, &latchkeyv1.RevokeSessionRequest{}, &latchkeyv1.RevokeOtherSessionsRequest{},
	&latchkeyv1.RegisterDeviceRequest{}, &latchkeyv1.UnregisterDeviceRequest{}, &latchkeyv1.ListLinkedAccountsRequest{},
	&latchkeyv1.StartSocialLinkRequest{}, &latchkeyv1.UnlinkAccountRequest{}, &latchkeyv1.ListActivityRequest{}, &latchkeyv1.DeleteAccountRequest{},

	&latchkeyv1.ListUsersRequest{}, &latchkeyv1.GetUserRequest{}, &latchkeyv1.DisableRequest{}, &latchkeyv1.EnableRequest{},
	&latchkeyv1.RevokeSessionsRequest{}, &latchkeyv1.ListUserActivityRequest{},

	&latchkeyv1.VerifyTokenRequest{}, &latchkeyv1.WatchRevocationsRequest{},
}

// otherRoles are the requests whose role is not one to give: a filter, and a method that is not served yet.
var otherRoles = []protoreflect.Name{"ListUsersRequest", "FinishSocialSignUpRequest"}

// requestsOfTheContract returns the request of each method, as the generated code registers them.
func requestsOfTheContract() (requests []protoreflect.MessageDescriptor) {
	protoregistry.GlobalFiles.RangeFilesByPackage("latchkey.v1", func(file protoreflect.FileDescriptor) bool {
		for s := range file.Services().Len() {
			methods := file.Services().Get(s).Methods()
			for m := range methods.Len() {
				requests = append(requests, methods.Get(m).Input())
			}
		}
		return true
	})
	return requests
}

func TestEveryRequestHasRulesOfSettingsOrNeedsNone(t *testing.T) {
	t.Parallel()
	rules := newSettingsRules(account.New(account.Deps{}), admin.New(admin.Deps{}))
	var without []protoreflect.FullName
	for _, m := range withoutSettingsRules {
		without = append(without, m.ProtoReflect().Descriptor().FullName())
	}
	requests := map[protoreflect.FullName]bool{}
	for _, request := range requestsOfTheContract() {
		name := request.FullName()
		requests[name] = true
		if (rules[name] != nil) == slices.Contains(without, name) {
			t.Errorf("%s must be either in newSettingsRules, or in withoutSettingsRules", name)
		}
	}
	for name := range rules {
		if !requests[name] {
			t.Errorf("%s has rules, and is no request", name)
		}
	}
}

// A field of this name means the same in every request, so its rules hold in every request.
func TestEveryNewPasswordAndRoleHasItsRules(t *testing.T) {
	t.Parallel()
	classic := account.Rules{Email: account.Verified, Phone: account.Optional, Roles: []string{"trainee"}, PhoneRegion: "KR", Passwords: password.Classic()}
	rules := newSettingsRules(account.New(account.Deps{Rules: classic}), admin.New(admin.Deps{Roles: classic.Roles}))
	checked := 0
	for _, request := range requestsOfTheContract() {
		for _, field := range []protoreflect.Name{"new_password", "role"} {
			descriptor := request.Fields().ByName(field)
			if descriptor == nil || slices.Contains(otherRoles, request.Name()) {
				continue
			}
			checked++
			kind, err := protoregistry.GlobalTypes.FindMessageByName(request.FullName())
			if err != nil {
				t.Fatal(err)
			}
			message := kind.New()
			message.Set(descriptor, protoreflect.ValueOfString("zqx"))
			var fields []string
			for _, v := range rules.violations(message.Interface()) {
				fields = append(fields, v.Field)
			}
			if !slices.Contains(fields, descriptor.JSONName()) {
				t.Errorf("%s: the settings refuse %s, and only %q are named", request.FullName(), field, fields)
			}
		}
	}
	if checked < 5 {
		t.Errorf("%d fields were checked", checked)
	}
}
