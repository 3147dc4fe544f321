package sms

import (
	"slices"

	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
)

var providers = []string{solapi.Name, sens.Name, twilio.Name, httpsms.Name}

// Validate reports every setting that cannot be used, those of the providers included.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	c.validateChoice(report)
	c.use(c.Provider, c.From, "sms-from")
	if c.Fallback != c.Provider {
		from, setting := c.fallbackFrom()
		c.use(c.Fallback, from, setting)
	}
	c.Solapi.Validate(report)
	c.SENS.Validate(report)
	c.Twilio.Validate(report)
	c.HTTP.Validate(report)
}

// validateChoice reports what is wrong with the choice of providers. A setting without an effect is wrong: the operator expects
// one.
func (c Config) validateChoice(report func(setting, format string, args ...any)) {
	for setting, provider := range map[string]string{"sms-provider": c.Provider, "sms-fallback": c.Fallback} {
		if provider != "" && !slices.Contains(providers, provider) {
			report(setting, "%q is not one of solapi, sens, twilio, http", provider)
		}
	}
	if c.Provider == "" {
		for setting, value := range map[string]string{"sms-fallback": c.Fallback, "sms-from": c.From} {
			if value != "" {
				report(setting, "does nothing without LATCHKEY_SMS_PROVIDER")
			}
		}
	}
	if c.Fallback == "" && c.FallbackFrom != "" {
		report("sms-fallback-from", "does nothing without LATCHKEY_SMS_FALLBACK")
	}
	if c.Provider != "" && c.Provider == c.Fallback {
		report("sms-fallback", "is the same provider as the first one")
	}
}

// use sets the sender of a provider, which then checks also what it needs to send.
func (c *Config) use(provider, from, setting string) {
	switch provider {
	case solapi.Name:
		c.Solapi.From, c.Solapi.FromSetting = from, setting
	case sens.Name:
		c.SENS.From, c.SENS.FromSetting = from, setting
	case twilio.Name:
		c.Twilio.From, c.Twilio.FromSetting = from, setting
	case httpsms.Name:
		c.HTTP.From, c.HTTP.FromSetting = from, setting
	}
}
