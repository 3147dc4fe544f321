package settings

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Problems returns every problem of the settings.
func (s Settings) Problems() []Problem {
	var p problems
	p.listener(s)
	p.secrets(s)
	p.database(s)
	p.browsers(s)
	p.proxies(s)
	s.Codes.PhoneRegion = s.Accounts.PhoneRegion
	for _, part := range []interface {
		Validate(report func(setting, format string, args ...any))
	}{s.Accounts, s.Passwords, s.Codes, s.Sessions, s.Events, s.Tokens, s.SMTP, s.Solapi, s.SENS, s.Twilio, s.FCM} {
		part.Validate(p.add)
	}
	p.times(s)
	p.sms(s)
	if s.DefaultLocale != "en" && s.DefaultLocale != "ko" {
		p.add("default-locale", "%q is not one of en, ko", s.DefaultLocale)
	}
	p.limits(s)
	// Some checks range over maps. The problems of one setting keep their order.
	slices.SortStableFunc(p, func(a, b Problem) int { return strings.Compare(a.Setting, b.Setting) })
	return p
}

type problems []Problem

func (p *problems) add(flag, format string, args ...any) {
	for i, arg := range args {
		if d, ok := arg.(time.Duration); ok {
			args[i] = shortDuration(d)
		}
	}
	*p = append(*p, Problem{Setting: variable(flag), Message: fmt.Sprintf(format, args...)})
}

func (p *problems) listener(s Settings) {
	if _, port, err := net.SplitHostPort(s.Listen); err != nil || port == "" {
		p.add("listen", "%q is no address and port; write it like 127.0.0.1:8080", s.Listen)
	}
	// As browsers write it: the origins of pages are compared with it, and https means Secure cookies.
	const noOrigin = "%q is no origin; write it like https://accounts.example.com, in lower case, without the standard port"
	if s.PublicURL != "" && !isOrigin(strings.TrimSuffix(s.PublicURL, "/")) {
		p.add("public-url", noOrigin, s.PublicURL)
	}
	for i, issuer := range s.Tokens.FormerIssuers {
		if !isOrigin(strings.TrimSuffix(issuer, "/")) {
			p.add("former-issuers", noOrigin, issuer)
		} else if slices.Contains(s.Tokens.FormerIssuers[:i], issuer) {
			p.add("former-issuers", "%q stands there twice", issuer)
		}
	}
}

func (p *problems) limits(s Settings) {
	if s.RateLimits != LimitsOn && s.RateLimits != LimitsOff {
		p.add("rate-limits", "%q is not one of on, off", s.RateLimits)
	}
	for flag, n := range map[string]int{"connections-per-network": s.ConnectionsPerNetwork, "calls-per-network": s.CallsPerNetwork} {
		if n < 1 || n > MaxPerNetwork {
			p.add(flag, "%d is not between 1 and %d", n, MaxPerNetwork)
		}
	}
}

func (p *problems) secrets(s Settings) {
	if text := s.MasterSecret; !text.Empty() {
		if _, err := secret.NewMaster(text); err != nil {
			p.add("master-secret", "needs at least %d bytes and has %d", secret.MinMasterLength, len(text.Reveal()))
		}
	}
}

func (p *problems) browsers(s Settings) {
	for i, origin := range s.AllowedOrigins {
		if !isOrigin(origin) {
			p.add("allowed-origins", "%q is no origin as browsers send it; write it like https://app.example.com, in lower case, without a path or a star", origin)
		} else if slices.Contains(s.AllowedOrigins[:i], origin) {
			p.add("allowed-origins", "%q stands there twice", origin)
		}
	}
	switch s.CookieSameSite {
	case SameSiteLax:
	case SameSiteNone:
		if !strings.HasPrefix(s.PublicURL, "https://") {
			p.add("cookie-samesite", "none needs a public URL with https: browsers refuse such cookies without TLS")
		}
		if len(s.AllowedOrigins) == 0 {
			p.add("cookie-samesite", "none is for pages on another site, and LATCHKEY_ALLOWED_ORIGINS names none")
		}
	default:
		p.add("cookie-samesite", "%q is not one of lax, none", s.CookieSameSite)
	}
}

func (p *problems) proxies(s Settings) {
	for i, text := range s.TrustedProxies {
		if _, err := ParseProxy(text); err != nil {
			p.add("trusted-proxies", "%q %s", text, err)
		} else if slices.Contains(s.TrustedProxies[:i], text) {
			p.add("trusted-proxies", "%q stands there twice", text)
		}
	}
}

func (p *problems) times(s Settings) {
	for _, limit := range []struct {
		flag        string
		value       time.Duration
		least, most time.Duration
	}{
		{"database-wait", s.DatabaseWait, 0, time.Hour},
		// Kubernetes kills a process after 30 seconds by default.
		{"shutdown-timeout", s.ShutdownTimeout, time.Second, 10 * time.Minute},
	} {
		if limit.value < limit.least || limit.value > limit.most {
			p.add(limit.flag, "%s is not between %s and %s", limit.value, limit.least, limit.most)
		}
	}
	// Sessions are extended by renewals, which happen when an access token has expired. So if a session does not last longer than
	// the token, an active user is signed out. This does not matter if the session cannot be extended anyway.
	access, refresh := s.Tokens.AccessTTL, s.Sessions.RefreshTTL
	if refresh >= time.Second && refresh < s.Sessions.MaxAge && access >= refresh {
		p.add("access-token-ttl", "%s is not shorter than LATCHKEY_REFRESH_TOKEN_TTL, %s: people would be signed out while they are at work", access, refresh)
	}
}
