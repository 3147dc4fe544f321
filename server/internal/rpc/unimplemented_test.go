package rpc_test

import (
	"fmt"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// unimplemented are the methods of the contract that are not implemented yet. The list may only shrink.
var unimplemented = map[string]bool{
	"AccountService.ListLinkedAccounts": true,
	"AccountService.StartSocialLink":    true,
	"AccountService.UnlinkAccount":      true,
	"AdminService.ListUserActivity":     true,
	"AdminService.ListUsers":            true,
	"AuthService.FinishSocialSignUp":    true,
	"AuthService.StartSocialSignIn":     true,
}

// noServiceKeys are the methods without any callers, since there are no service keys yet. Whether they are implemented cannot be
// tested from outside.
var noServiceKeys = map[string]bool{
	"TokenService.VerifyToken":      true,
	"TokenService.WatchRevocations": true,
}

func TestUnimplementedMethodsAreTheOnesThatAreListed(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	admins := 0

	for name, method := range methods() {
		admins++
		// Anew for each call: some of them end sessions, or the account. Without a password, so that one can be set.
		admin := signUpAdmin(t, env, fmt.Sprintf("admin%d@example.com", admins))
		if _, err := env.DB.Exec(t.Context(), "DELETE FROM passwords"); err != nil {
			t.Fatal(err)
		}
		reason := reasonOf(t, env, method, goodRequest(t, method, nil).String(), bearer(admin.Tokens.GetAccessToken()))
		switch {
		case noServiceKeys[name]:
			if reason != latchkeyv1.Reason_REASON_TOKEN_INVALID {
				t.Errorf("%s answers %s to a user's token, want TOKEN_INVALID; once there are service keys, "+
					"call it with one here and take it out of noServiceKeys", name, reason)
			}
		case reason == latchkeyv1.Reason_REASON_UNIMPLEMENTED && !unimplemented[name]:
			t.Errorf("%s answers Unimplemented: build it; the list of methods that are not built does not grow", name)
		case reason != latchkeyv1.Reason_REASON_UNIMPLEMENTED && unimplemented[name]:
			t.Errorf("%s answers %s, so it is built: take it out of the list of methods that are not", name, reason)
		case reason == invalid:
			t.Errorf("%s calls the request invalid: mend its sample in contract_test.go", name)
		}
	}
	for name := range unimplemented {
		if methods()[name] == nil {
			t.Errorf("%s is not in the contract: take it out of the list", name)
		}
	}
}
