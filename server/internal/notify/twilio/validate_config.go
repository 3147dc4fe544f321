package twilio

import "github.com/latchkey-auth/latchkey/server/internal/notify/gateway"

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if err := gateway.CheckURL(c.URL); err != nil {
		report("twilio-url", "%q %v", c.URL, err)
	}
}

// ValidateUse reports every setting that is missing if the server sends through Twilio. fromSetting is the setting of the sender.
func (c Config) ValidateUse(fromSetting string, report func(setting, format string, args ...any)) {
	if c.AuthToken.Empty() {
		report("twilio-auth-token", "is needed with LATCHKEY_SMS_PROVIDER")
	}
	if err := CheckAccount(c.AccountSID); err != nil {
		report("twilio-account-sid", "%q %v", c.AccountSID, err)
	}
	if err := CheckFrom(c.From); err != nil {
		report(fromSetting, "%q %v", c.From, err)
	}
}
