package fcm

import "github.com/latchkey-auth/latchkey/server/internal/notify/gateway"

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	var project string
	if !c.Credentials.Empty() {
		credentials, err := ParseCredentials(c.Credentials)
		if err != nil {
			report("fcm-credentials", "%v", err)
		}
		project = credentials.Project()
	}
	c.validateWeb(project, report)
	if err := gateway.CheckURL(c.Endpoint); err != nil {
		report("fcm-endpoint", "%q %v", c.Endpoint, err)
	}
}

// validateWeb checks the settings for browsers, given the project that the server sends for.
func (c Config) validateWeb(project string, report func(setting, format string, args ...any)) {
	if c.WebConfig != "" {
		config, err := ParseWebConfig(c.WebConfig)
		switch {
		case err != nil:
			report("fcm-web-config", "%v", err)
		case project != "" && config.ProjectID != project:
			report("fcm-web-config", "is of the project %q, and LATCHKEY_FCM_CREDENTIALS of %q", config.ProjectID, project)
		}
		if c.VAPIDKey == "" {
			report("fcm-web-vapid-key", "is needed with LATCHKEY_FCM_WEB_CONFIG")
		}
	}
	if c.VAPIDKey != "" {
		if err := CheckVAPIDKey(c.VAPIDKey); err != nil {
			report("fcm-web-vapid-key", "%v", err)
		}
		if c.WebConfig == "" {
			report("fcm-web-config", "is needed with LATCHKEY_FCM_WEB_VAPID_KEY")
		}
	}
	if !c.Credentials.Empty() {
		return
	}
	for setting, value := range map[string]string{"fcm-web-config": c.WebConfig, "fcm-web-vapid-key": c.VAPIDKey} {
		if value != "" {
			report(setting, "does nothing without LATCHKEY_FCM_CREDENTIALS")
		}
	}
}
