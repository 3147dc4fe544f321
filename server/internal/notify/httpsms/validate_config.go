package httpsms

import (
	"regexp"

	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// ValidateUse reports every setting that is wrong if the server sends through the gateway. fromSetting is the setting of the
// sender.
func (c Config) ValidateUse(fromSetting string, report func(setting, format string, args ...any)) {
	if err := gateway.CheckURL(c.URL.Reveal()); err != nil {
		report("sms-http-url", "%v", err)
	}
	headers, err := ParseHeaders(c.Headers)
	if err != nil {
		report("sms-http-headers", "%v", err)
	}
	body, err := ParseBody(c.body(), headers)
	if err != nil {
		report("sms-http-body", "%v", err)
	} else if err := CheckFrom(c.From, body); err != nil {
		report(fromSetting, "%q %v", c.From, err)
	}
	if _, err := regexp.Compile(c.Success); err != nil {
		report("sms-http-success", "%q is no regular expression", c.Success)
	}
}

// body returns the configured template, or the default.
func (c Config) body() string {
	if c.Body == "" {
		return Body
	}
	return c.Body
}
