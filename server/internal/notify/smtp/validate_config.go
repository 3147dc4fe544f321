package smtp

import (
	"regexp"

	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
)

// A host name, an IPv4 address or an IPv6 address, without a port.
var hostPattern = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$`)

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if c.Port < 1 || c.Port > 65535 {
		report("smtp-port", "%d is no port", c.Port)
	}
	switch {
	case c.TLS != StartTLS && c.TLS != Implicit && c.TLS != None:
		report("smtp-tls", "%q is not one of starttls, tls, none", c.TLS)
	case c.TLS == Implicit && c.Port == 587:
		report("smtp-tls", "port 587 begins in clear: use starttls, or port 465 with tls")
	case c.TLS == StartTLS && c.Port == 465:
		report("smtp-tls", "port 465 speaks TLS from the first byte: use tls, or port 587 with starttls")
	}
	if c.From != "" {
		if _, _, err := ParseFrom(c.From); err != nil {
			report("mail-from", "%q %v", c.From, err)
		}
	}
	if c.Host == "" {
		for setting, set := range map[string]bool{"smtp-user": c.User != "", "smtp-password": !c.Password.Empty(), "mail-from": c.From != ""} {
			if set {
				report(setting, "does nothing without LATCHKEY_SMTP_HOST")
			}
		}
		return
	}
	if !hostPattern.MatchString(c.Host) {
		report("smtp-host", "%q is no host; write it like smtp.gmail.com, and the port on its own", c.Host)
	}
	if c.From == "" {
		report("mail-from", "is needed with LATCHKEY_SMTP_HOST")
	}
	switch {
	case c.User != "" && c.Password.Empty():
		report("smtp-password", "is missing for the user")
	case c.User == "" && !c.Password.Empty():
		report("smtp-user", "is missing for the password")
	case c.User != "" && c.TLS == None && !gateway.Loopback(c.Host):
		report("smtp-tls", "without TLS, the password would be sent in clear")
	}
}
