package twilio

import "github.com/latchkey-auth/latchkey/server/internal/notify/gateway"

// Validate reports every setting that cannot be used. The settings that a provider needs may be missing while it is not in use.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if err := gateway.CheckURL(c.URL); err != nil {
		report("twilio-url", "%q %v", c.URL, err)
	}
	if c.FromSetting == "" {
		return
	}
	if c.AuthToken.Empty() {
		report("twilio-auth-token", "is needed with LATCHKEY_SMS_PROVIDER")
	}
	if err := CheckAccount(c.AccountSID); err != nil {
		report("twilio-account-sid", "%q %v", c.AccountSID, err)
	}
	if err := CheckFrom(c.From); err != nil {
		report(c.FromSetting, "%q %v", c.From, err)
	}
}
