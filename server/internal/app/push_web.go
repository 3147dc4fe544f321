package app

import (
	"fmt"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// webPushOf returns the configuration with which a page registers a browser for notifications; nil if that is not set up.
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

// pushOrigins are the origins from which a page gets a registration token, for connect-src of its Content-Security-Policy.
// Firebase first registers the browser as an installation, and then its push subscription. There are none if push in browsers is
// not set up.
func pushOrigins(s settings.Settings) []string {
	if s.FCM.WebConfig == "" {
		return nil
	}
	return []string{"https://firebaseinstallations.googleapis.com", "https://fcmregistrations.googleapis.com"}
}
