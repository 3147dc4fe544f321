package app

import "github.com/latchkey-auth/latchkey/server/internal/settings"

// pushOrigins are where a page gets a registration token from, for connect-src of its Content-Security-Policy: Firebase first
// registers the browser as an installation, and then its push subscription. Without push in browsers there are none.
func pushOrigins(s settings.Settings) []string {
	if s.FCM.WebConfig == "" {
		return nil
	}
	return []string{"https://firebaseinstallations.googleapis.com", "https://fcmregistrations.googleapis.com"}
}
