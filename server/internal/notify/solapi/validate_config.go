package solapi

import (
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if err := gateway.CheckURL(c.URL); err != nil {
		report("solapi-url", "%q %v", c.URL, err)
	}
}

// ValidateUse reports every setting that is missing if the server sends through this provider. fromSetting is the setting of the
// sender.
func (c Config) ValidateUse(fromSetting string, report func(setting, format string, args ...any)) {
	for setting, missing := range map[string]bool{"solapi-api-key": c.Key == "", "solapi-api-secret": c.Secret.Empty()} {
		if missing {
			report(setting, "is needed with LATCHKEY_SMS_PROVIDER")
		}
	}
	if _, err := notify.KoreanSender(c.From); err != nil {
		report(fromSetting, "%q %v", c.From, err)
	}
}
