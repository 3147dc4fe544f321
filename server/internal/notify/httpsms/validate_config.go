package httpsms

import (
	"regexp"

	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// Validate reports every setting that cannot be used. None has an effect while the gateway is not in use.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if c.FromSetting == "" {
		return
	}
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
		report(c.FromSetting, "%q %v", c.From, err)
	}
	if _, err := regexp.Compile(c.Success); err != nil {
		report("sms-http-success", "%q is not a regular expression", c.Success)
	}
}

// body returns the configured template, or the default.
func (c Config) body() string {
	if c.Body == "" {
		return Body
	}
	return c.Body
}
