package app_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/testing/protocmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/app"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway/gatewaytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func settingsOf(t *testing.T, env *latchkeytest.Env) *latchkeyv1.Settings {
	t.Helper()
	told, err := env.Auth.GetSettings(t.Context(), &latchkeyv1.GetSettingsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return told
}

// The example of RFC 8292 section 2.4.
const vapidKey = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"

// webApp is what browsers need of that project.
func webApp() latchkeytest.Option {
	return latchkeytest.With(func(s *settings.Settings) {
		s.FCM.WebConfig = `{"apiKey":"AIza-key","projectId":"latchkey-test","messagingSenderId":"123","appId":"1:123:web:abc","authDomain":"x"}`
		s.FCM.VAPIDKey = vapidKey
	})
}

func TestB9_PagesAreToldHowToRegisterForNotifications(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, firebase(t, gatewaytest.New(t), gatewaytest.New(t)), webApp())
	want := &latchkeyv1.PushWebConfig{
		ApiKey: "AIza-key", ProjectId: "latchkey-test", MessagingSenderId: "123", AppId: "1:123:web:abc", VapidKey: vapidKey,
	}
	if diff := cmp.Diff(want, settingsOf(t, env).GetPush(), protocmp.Transform()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	// Sending alone is no offer to browsers.
	if got := settingsOf(t, latchkeytest.New(t, firebase(t, gatewaytest.New(t), gatewaytest.New(t)))).GetPush(); got != nil {
		t.Errorf("without a web app, pages are told %v", got)
	}
}

func TestPagesAreToldOfTheOutboxWhereThereIsOne(t *testing.T) {
	t.Parallel()
	for path, options := range map[string][]latchkeytest.Option{
		"/dev/outbox": nil,
		"":            {latchkeytest.WithoutOutbox()},
	} {
		env := latchkeytest.New(t, options...)
		if got := settingsOf(t, env).GetOutboxPath(); got != path {
			t.Errorf("pages are told of %q, want %q", got, path)
		}
		if response, _ := get(t, env, "/dev/outbox"); (response.StatusCode == http.StatusOK) != (path != "") {
			t.Errorf("where the path is %q, the outbox answers %d", path, response.StatusCode)
		}
	}
}

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
