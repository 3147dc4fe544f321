package app_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
)

func TestB9_APageMayAskGoogleOnlyWherePushIsSetUp(t *testing.T) {
	t.Parallel()
	built := func(c *app.Config) { c.Frontend = builtFrontend(t) }
	policy := func(options ...latchkeytest.Option) string {
		response, _ := get(t, latchkeytest.New(t, append(options, built)...), "/", "Accept", "text/html")
		return response.Header.Get("Content-Security-Policy")
	}
	const google = "connect-src 'self' https://firebaseinstallations.googleapis.com https://fcmregistrations.googleapis.com;"
	if got := policy(firebase(t, gatewaytest.New(t), gatewaytest.New(t)), webApp()); !strings.Contains(got, google) {
		t.Errorf("with push, the policy is %s", got)
	}
	if got := policy(); !strings.Contains(got, "connect-src 'self';") || strings.Contains(got, "google") {
		t.Errorf("without push, the policy is %s", got)
	}
}
