package settings

import (
	"slices"

	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
)

var smsProviders = []string{solapi.Name, sens.Name, twilio.Name, httpsms.Name}

func (p *problems) sms(s Settings) {
	for flag, provider := range map[string]string{"sms-provider": s.SMSProvider, "sms-fallback": s.SMSFallback} {
		if provider != "" && !slices.Contains(smsProviders, provider) {
			p.add(flag, "%q is not one of solapi, sens, twilio, http", provider)
		}
	}
	if s.SMSProvider == "" {
		p.useless("sms-fallback", s.SMSFallback, "sms-provider")
		p.useless("sms-from", s.SMSFrom, "sms-provider")
	}
	if s.SMSFallback == "" {
		p.useless("sms-fallback-from", s.SMSFallbackFrom, "sms-fallback")
	}
	if s.SMSProvider != "" && s.SMSProvider == s.SMSFallback {
		p.add("sms-fallback", "is the same provider as the first one")
	}
	p.smsProvider(s, s.SMSProvider, "sms-from", s.SMSFrom)
	flag, from := "sms-fallback-from", s.SMSFallbackFrom
	if from == "" {
		flag, from = "sms-from", s.SMSFrom
	}
	if s.SMSFallback != s.SMSProvider {
		p.smsProvider(s, s.SMSFallback, flag, from)
	}
}

// smsProvider reports the missing settings of a provider.
func (p *problems) smsProvider(s Settings, provider, fromFlag, from string) {
	s.Solapi.From, s.SENS.From, s.Twilio.From, s.HTTPSMS.From = from, from, from, from
	switch provider {
	case solapi.Name:
		s.Solapi.ValidateUse(fromFlag, p.add)
	case sens.Name:
		s.SENS.ValidateUse(fromFlag, p.add)
	case twilio.Name:
		s.Twilio.ValidateUse(fromFlag, p.add)
	case httpsms.Name:
		s.HTTPSMS.ValidateUse(fromFlag, p.add)
	}
}

// useless reports a setting that has no effect without another one: the operator expects an effect.
func (p *problems) useless(flag, value, without string) {
	if value != "" {
		p.add(flag, "does nothing without %s", variable(without))
	}
}
