package app

import (
	"fmt"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// webPushOf gives what a page needs to register a browser for notifications; nil when that is not set up.
func webPushOf(s settings.Settings) (*latchkeyv1.PushWebConfig, error) {
	if s.FCM.WebConfig == "" {
		return nil, nil
	}
	web, err := fcm.ParseWebConfig(s.FCM.WebConfig)
	if err != nil {
		return nil, fmt.Errorf("set up push in browsers: LATCHKEY_FCM_WEB_CONFIG %w", err)
	}
	return &latchkeyv1.PushWebConfig{
		ApiKey:            web.APIKey,
		ProjectId:         web.ProjectID,
		MessagingSenderId: web.MessagingSenderID,
		AppId:             web.AppID,
		VapidKey:          s.FCM.VAPIDKey,
	}, nil
}

// pushOrigins are where a page gets a registration token from, for connect-src of its Content-Security-Policy: Firebase first
// registers the browser as an installation, and then its push subscription. Without push in browsers there are none.
func pushOrigins(s settings.Settings) []string {
	if s.FCM.WebConfig == "" {
		return nil
	}
	return []string{"https://firebaseinstallations.googleapis.com", "https://fcmregistrations.googleapis.com"}
}
