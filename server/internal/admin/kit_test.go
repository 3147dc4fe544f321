package admin_test

import (
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	signUp        = latchkeyv1.Purpose_PURPOSE_SIGN_UP
	changeContact = latchkeyv1.Purpose_PURPOSE_CHANGE_CONTACT

	sessionRevoked = latchkeyv1.Reason_REASON_SESSION_REVOKED
	tokenExpired   = latchkeyv1.Reason_REASON_TOKEN_EXPIRED
	invalidFields  = latchkeyv1.Reason_REASON_INVALID_FIELDS
	notFound       = latchkeyv1.Reason_REASON_NOT_FOUND

	adasAddress = "ada@example.com"
	adasNumber  = "+821012345678"
)

// registers has notifications sent to a device with the person's session.
func registers(t *testing.T, env *latchkeytest.Env, p *latchkeytest.Person, token string) {
	t.Helper()
	if _, err := env.Account.RegisterDevice(p.As(), &latchkeyv1.RegisterDeviceRequest{
		Token: token, Platform: latchkeyv1.Platform_PLATFORM_ANDROID, Name: "A phone",
	}); err != nil {
		t.Fatalf("%s registers a device: %v", p.Email, err)
	}
}
