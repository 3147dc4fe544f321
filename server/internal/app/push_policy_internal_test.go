package app

import (
	"slices"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func TestB9_APageMayAskGoogleOnlyWherePushIsSetUp(t *testing.T) {
	t.Parallel()
	want := []string{"https://firebaseinstallations.googleapis.com", "https://fcmregistrations.googleapis.com"}
	if got := pushOrigins(settings.Settings{FCMWebConfig: `{"apiKey":"k"}`, FCMWebVAPIDKey: "B"}); !slices.Equal(got, want) {
		t.Errorf("with push: %v", got)
	}
	if got := pushOrigins(settings.Settings{}); len(got) != 0 {
		t.Errorf("without push: %v", got)
	}
}
