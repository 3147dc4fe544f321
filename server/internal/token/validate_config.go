package token

import (
	"slices"
	"strings"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/origin"
)

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if !c.Algorithm.Known() {
		report("token-algorithm", "%q is not one of ES256, EdDSA, RS256", c.Algorithm)
	}
	for i, issuer := range c.FormerIssuers {
		if !origin.Valid(strings.TrimSuffix(issuer, "/")) {
			report("former-issuers", "%q is not an origin; write it like https://accounts.example.com, in lower case, without the standard port", issuer)
		} else if slices.Contains(c.FormerIssuers[:i], issuer) {
			report("former-issuers", "%q is listed twice", issuer)
		}
	}
	for _, limit := range []struct {
		setting     string
		value       time.Duration
		least, most time.Duration
	}{
		{"access-token-ttl", c.AccessTTL, time.Second, 7 * 24 * time.Hour},
		// NIST SP 800-57 part 1 revision 5, section 5.3.6: a key for authentication is used for one to two years at most.
		{"key-max-age", c.KeyMaxAge, 24 * time.Hour, 2 * 365 * 24 * time.Hour},
	} {
		if limit.value < limit.least || limit.value > limit.most {
			report(limit.setting, "%s is not between %s and %s", limit.value, limit.least, limit.most)
		}
	}
}
