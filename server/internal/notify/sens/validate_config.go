package sens

import (
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// Validate reports every setting that cannot be used. The settings that a provider needs may be missing while it is not in use.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if err := gateway.CheckURL(c.URL); err != nil {
		report("sens-url", "%q %v", c.URL, err)
	}
	if c.FromSetting == "" {
		return
	}
	for setting, missing := range map[string]bool{"sens-service-id": c.ServiceID == "", "sens-access-key": c.AccessKey == "", "sens-secret-key": c.SecretKey.Empty()} {
		if missing {
			report(setting, "is needed with LATCHKEY_SMS_PROVIDER")
		}
	}
	if _, err := notify.KoreanSender(c.From); err != nil {
		report(c.FromSetting, "%q %v", c.From, err)
	}
}
