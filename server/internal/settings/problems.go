package settings

import (
	"fmt"
	"net"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/redis/rueidis"

	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Problems gives everything that keeps the settings from being used.
func (s Settings) Problems() []Problem {
	var p problems
	p.listener(s)
	p.secrets(s)
	p.database(s)
	p.redis(s)
	p.browsers(s)
	p.proxies(s)
	p.signUp(s)
	p.passwords(s)
	if !s.TokenAlgorithm.Known() {
		p.add("token-algorithm", "%q is not one of ES256, EdDSA, RS256", s.TokenAlgorithm)
	}
	p.times(s)
	p.mail(s)
	p.sms(s)
	p.push(s)
	p.fixedCodes(s)
	if s.DefaultLocale != "en" && s.DefaultLocale != "ko" {
		p.add("default-locale", "%q is not one of en, ko", s.DefaultLocale)
	}
	p.limits(s)
	return p
}

type problems []Problem

func (p *problems) add(flag, format string, args ...any) {
	*p = append(*p, Problem{Setting: variable(flag), Message: fmt.Sprintf(format, args...)})
}

func (p *problems) listener(s Settings) {
	if _, port, err := net.SplitHostPort(s.Listen); err != nil || port == "" {
		p.add("listen", "%q is no address and port; write it like 127.0.0.1:8080", s.Listen)
	}
	// As browsers spell it: pages are compared with it, and what begins with https gets Secure cookies.
	const noOrigin = "%q is no origin; write it like https://accounts.example.com, in lower case, without the standard port"
	if s.PublicURL != "" && !isOrigin(strings.TrimSuffix(s.PublicURL, "/")) {
		p.add("public-url", noOrigin, s.PublicURL)
	}
	for i, issuer := range s.FormerIssuers {
		if !isOrigin(strings.TrimSuffix(issuer, "/")) {
			p.add("former-issuers", noOrigin, issuer)
		} else if slices.Contains(s.FormerIssuers[:i], issuer) {
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

func (p *problems) redis(s Settings) {
	if s.RedisURL.Empty() {
		return
	}
	// What the parser says can hold the password.
	if options, err := rueidis.ParseURL(s.RedisURL.Reveal()); err != nil || len(options.InitAddress) == 0 {
		p.add("redis-url", "is no Redis URL; write it like redis://user:password@host:6379/0, or rediss:// for TLS")
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

// A role stands in tokens and in code.
var rolePattern = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

func (p *problems) signUp(s Settings) {
	for flag, rule := range map[string]account.ContactRule{"sign-up-email": s.SignUpEmail, "sign-up-phone": s.SignUpPhone} {
		switch rule {
		case account.Verified, account.Required, account.Optional, account.Off:
		default:
			p.add(flag, "%q is not one of verified, required, optional, off", rule)
		}
	}
	if s.SignUpEmail != account.Verified && s.SignUpPhone != account.Verified {
		p.add("sign-up-email", "an account is found by a proven contact: this one or the phone has to be verified")
	}
	if s.Discovery != account.Open && s.Discovery != account.Private {
		p.add("account-discovery", "%q is not one of open, private", s.Discovery)
	}
	if len(s.Roles) == 0 {
		p.add("roles", "needs at least one role")
	}
	for i, role := range s.Roles {
		switch {
		case role == account.AdminRole:
			p.add("roles", "%q cannot be chosen at sign-up", role)
		case !rolePattern.MatchString(role):
			p.add("roles", "%q is no role: lower-case letters, digits, - and _, at most 32", role)
		case slices.Contains(s.Roles[:i], role):
			p.add("roles", "%q stands there twice", role)
		}
	}
	if !contact.KnownRegion(s.PhoneRegion) {
		p.add("phone-region", "%q is no country of ISO 3166-1; write it like KR", s.PhoneRegion)
	}
	for _, region := range s.SMSCountries {
		if !contact.KnownRegion(region) {
			p.add("sms-countries", "%q is no country of ISO 3166-1; write it like KR", region)
		}
	}
}

func (p *problems) passwords(s Settings) {
	if _, err := password.ParsePolicy(s.PasswordPolicy); err != nil {
		p.add("password-policy", "%q is not one of classic, modern", s.PasswordPolicy)
	}
	if s.PasswordHash != password.Argon2id && s.PasswordHash != password.Bcrypt {
		p.add("password-hash", "%q is not one of argon2id, bcrypt", s.PasswordHash)
	}
	if s.BcryptCost < password.MinBcryptCost || s.BcryptCost > password.MaxBcryptCost {
		p.add("bcrypt-cost", "%d is not between %d and %d", s.BcryptCost, password.MinBcryptCost, password.MaxBcryptCost)
	}
}

func (p *problems) times(s Settings) {
	for _, limit := range []struct {
		flag        string
		value       time.Duration
		least, most time.Duration
	}{
		// The least ones are for tests of applications, which do not want to wait. NIST SP 800-63B-4 section 3.1.3.2 and OWASP ASVS 5.0 6.5.5 end a code after ten minutes.
		{"code-ttl", s.CodeTTL, time.Second, 10 * time.Minute},
		{"code-resend-wait", s.CodeResendWait, 0, 10 * time.Minute},
		{"proof-ttl", s.ProofTTL, time.Second, time.Hour},
		{"access-token-ttl", s.AccessTokenTTL, time.Second, 7 * 24 * time.Hour},
		{"refresh-token-ttl", s.RefreshTokenTTL, time.Second, 400 * 24 * time.Hour},
		{"session-max-age", s.SessionMaxAge, time.Second, 400 * 24 * time.Hour},
		// With none at all, each lost answer signs somebody out. What is honoured for longer is as good as never spent.
		{"refresh-grace", s.RefreshGrace, time.Second, 5 * time.Minute},
		{"refresh-retry-window", s.RefreshRetryWindow, 0, time.Hour},
		{"database-wait", s.DatabaseWait, 0, time.Hour},
		// Kubernetes kills a process after 30 seconds by default.
		{"shutdown-timeout", s.ShutdownTimeout, time.Second, 10 * time.Minute},
		// NIST SP 800-57 part 1 revision 5, section 5.3.6: a key for authentication serves one to two years at most.
		{"key-max-age", s.KeyMaxAge, 24 * time.Hour, 2 * 365 * 24 * time.Hour},
	} {
		if limit.value < limit.least || limit.value > limit.most {
			p.add(limit.flag, "%s is not between %s and %s",
				shortDuration(limit.value), shortDuration(limit.least), shortDuration(limit.most))
		}
	}
	// Sessions are kept alive by renewals, which come when an access token has ended: too late for somebody who is at work all
	// the while, unless the session lives for longer than the token. Where it cannot be prolonged anyway, that does not matter.
	if s.RefreshTokenTTL >= time.Second && s.RefreshTokenTTL < s.SessionMaxAge && s.AccessTokenTTL >= s.RefreshTokenTTL {
		p.add("access-token-ttl", "%s is not shorter than LATCHKEY_REFRESH_TOKEN_TTL, %s: people would be signed out while they are at work",
			shortDuration(s.AccessTokenTTL), shortDuration(s.RefreshTokenTTL))
	}
}
