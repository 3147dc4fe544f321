package settings

import (
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/notify/fcm"
	"github.com/latchkey-auth/latchkey/server/internal/notify/gateway"
	"github.com/latchkey-auth/latchkey/server/internal/notify/httpsms"
	"github.com/latchkey-auth/latchkey/server/internal/notify/sens"
	"github.com/latchkey-auth/latchkey/server/internal/notify/smtp"
	"github.com/latchkey-auth/latchkey/server/internal/notify/solapi"
	"github.com/latchkey-auth/latchkey/server/internal/notify/twilio"
)

// A name, an IPv4 address or an IPv6 address, without a port.
var hostPattern = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)$`)

func (p *problems) mail(s Settings) {
	if s.SMTPPort < 1 || s.SMTPPort > 65535 {
		p.add("smtp-port", "%d is no port", s.SMTPPort)
	}
	switch {
	case s.SMTPTLS != smtp.StartTLS && s.SMTPTLS != smtp.Implicit && s.SMTPTLS != smtp.None:
		p.add("smtp-tls", "%q is not one of starttls, tls, none", s.SMTPTLS)
	case s.SMTPTLS == smtp.Implicit && s.SMTPPort == 587:
		p.add("smtp-tls", "port 587 begins in clear: use starttls, or port 465 with tls")
	case s.SMTPTLS == smtp.StartTLS && s.SMTPPort == 465:
		p.add("smtp-tls", "port 465 speaks TLS from the first byte: use tls, or port 587 with starttls")
	}
	if s.MailFrom != "" {
		if _, _, err := smtp.ParseFrom(s.MailFrom); err != nil {
			p.add("mail-from", "%q %v", s.MailFrom, err)
		}
	}
	if s.SMTPHost == "" {
		p.useless("smtp-host", map[string]bool{
			"smtp-user": s.SMTPUser != "", "smtp-password": !s.SMTPPassword.Empty(), "mail-from": s.MailFrom != "",
		})
		return
	}
	if !hostPattern.MatchString(s.SMTPHost) {
		p.add("smtp-host", "%q is no host; write it like smtp.gmail.com, and the port on its own", s.SMTPHost)
	}
	p.needed("smtp-host", map[string]bool{"mail-from": s.MailFrom != ""})
	switch {
	case s.SMTPUser != "" && s.SMTPPassword.Empty():
		p.add("smtp-password", "is missing for the user")
	case s.SMTPUser == "" && !s.SMTPPassword.Empty():
		p.add("smtp-user", "is missing for the password")
	case s.SMTPUser != "" && s.SMTPTLS == smtp.None && !gateway.Loopback(s.SMTPHost):
		p.add("smtp-tls", "without TLS, the password would be sent in clear")
	}
}

var smsProviders = []string{solapi.Name, sens.Name, twilio.Name, httpsms.Name}

func (p *problems) sms(s Settings) {
	for flag, url := range map[string]string{"solapi-url": s.SolapiURL, "sens-url": s.SENSURL, "twilio-url": s.TwilioURL} {
		if err := gateway.CheckURL(url); err != nil {
			p.add(flag, "%q %v", url, err)
		}
	}
	for flag, provider := range map[string]string{"sms-provider": s.SMSProvider, "sms-fallback": s.SMSFallback} {
		if provider != "" && !slices.Contains(smsProviders, provider) {
			p.add(flag, "%q is not one of solapi, sens, twilio, http", provider)
		}
	}
	if s.SMSProvider == "" {
		p.useless("sms-provider", map[string]bool{"sms-fallback": s.SMSFallback != "", "sms-from": s.SMSFrom != ""})
	}
	if s.SMSFallback == "" {
		p.useless("sms-fallback", map[string]bool{"sms-fallback-from": s.SMSFallbackFrom != ""})
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

// smsProvider looks at what one provider needs.
func (p *problems) smsProvider(s Settings, provider, fromFlag, from string) {
	switch provider {
	case solapi.Name:
		p.needed("sms-provider", map[string]bool{
			"solapi-api-key": s.SolapiAPIKey != "", "solapi-api-secret": !s.SolapiAPISecret.Empty(),
		})
		p.koreanSender(fromFlag, from)
	case sens.Name:
		p.needed("sms-provider", map[string]bool{
			"sens-service-id": s.SENSServiceID != "", "sens-access-key": s.SENSAccessKey != "", "sens-secret-key": !s.SENSSecretKey.Empty(),
		})
		p.koreanSender(fromFlag, from)
	case twilio.Name:
		p.needed("sms-provider", map[string]bool{"twilio-auth-token": !s.TwilioAuthToken.Empty()})
		if err := twilio.CheckAccount(s.TwilioAccountSID); err != nil {
			p.add("twilio-account-sid", "%q %v", s.TwilioAccountSID, err)
		}
		if err := twilio.CheckFrom(from); err != nil {
			p.add(fromFlag, "%q %v", from, err)
		}
	case httpsms.Name:
		if err := gateway.CheckURL(s.SMSHTTPURL.Reveal()); err != nil {
			p.add("sms-http-url", "%v", err)
		}
		headers, err := httpsms.ParseHeaders(s.SMSHTTPHeaders)
		if err != nil {
			p.add("sms-http-headers", "%v", err)
		}
		body, err := httpsms.ParseBody(s.SMSBody(), headers)
		if err != nil {
			p.add("sms-http-body", "%v", err)
		} else if err := httpsms.CheckFrom(from, body); err != nil {
			p.add(fromFlag, "%q %v", from, err)
		}
		if _, err := regexp.Compile(s.SMSHTTPSuccess); err != nil {
			p.add("sms-http-success", "%q is no regular expression", s.SMSHTTPSuccess)
		}
	}
}

func (p *problems) koreanSender(flag, from string) {
	if _, err := notify.KoreanSender(from); err != nil {
		p.add(flag, "%q %v", from, err)
	}
}

// SMSBody is the template of the provider http.
func (s Settings) SMSBody() string {
	if s.SMSHTTPBody == "" {
		return httpsms.Body
	}
	return s.SMSHTTPBody
}

func (p *problems) push(s Settings) {
	var project string
	if !s.FCMCredentials.Empty() {
		credentials, err := fcm.ParseCredentials(s.FCMCredentials)
		if err != nil {
			p.add("fcm-credentials", "%v", err)
		}
		project = credentials.Project()
	}
	p.webPush(s, project)
	if err := gateway.CheckURL(s.FCMEndpoint); err != nil {
		p.add("fcm-endpoint", "%q %v", s.FCMEndpoint, err)
	}
}

// webPush looks at what browsers need, once it is known which project the server sends for.
func (p *problems) webPush(s Settings, project string) {
	if s.FCMWebConfig != "" {
		config, err := fcm.ParseWebConfig(s.FCMWebConfig)
		switch {
		case err != nil:
			p.add("fcm-web-config", "%v", err)
		case project != "" && config.ProjectID != project:
			p.add("fcm-web-config", "is of the project %q, and LATCHKEY_FCM_CREDENTIALS of %q", config.ProjectID, project)
		}
		p.needed("fcm-web-config", map[string]bool{"fcm-web-vapid-key": s.FCMWebVAPIDKey != ""})
	}
	if s.FCMWebVAPIDKey != "" {
		if err := fcm.CheckVAPIDKey(s.FCMWebVAPIDKey); err != nil {
			p.add("fcm-web-vapid-key", "%v", err)
		}
		p.needed("fcm-web-vapid-key", map[string]bool{"fcm-web-config": s.FCMWebConfig != ""})
	}
	if s.FCMCredentials.Empty() {
		p.useless("fcm-credentials", map[string]bool{
			"fcm-web-config": s.FCMWebConfig != "", "fcm-web-vapid-key": s.FCMWebVAPIDKey != "",
		})
	}
}

func (p *problems) fixedCodes(s Settings) {
	if _, err := s.fixedContacts(); err != nil {
		p.add("fixed-codes", "%v", err)
	}
	if s.FixedCodes.Empty() {
		p.useless("fixed-codes", map[string]bool{"fixed-codes-until": s.FixedCodesUntil != ""})
	}
	if _, err := time.Parse(time.DateOnly, s.FixedCodesUntil); err != nil && (s.FixedCodesUntil != "" || !s.FixedCodes.Empty()) {
		p.add("fixed-codes-until", "%q is no day; write it like 2027-01-31", s.FixedCodesUntil)
	}
}

// useless tells of settings that do nothing without another one: somebody meant something by them.
func (p *problems) useless(without string, set map[string]bool) {
	for _, flag := range slices.Sorted(maps.Keys(set)) {
		if set[flag] {
			p.add(flag, "does nothing without %s", variable(without))
		}
	}
}

// needed tells of settings that another one cannot do without.
func (p *problems) needed(by string, set map[string]bool) {
	for _, flag := range slices.Sorted(maps.Keys(set)) {
		if !set[flag] {
			p.add(flag, "is needed with %s", variable(by))
		}
	}
}
