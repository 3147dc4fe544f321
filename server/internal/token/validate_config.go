package token

import "time"

// Validate reports every setting that cannot be used. Package settings checks the form of former issuers together with the public
// URL.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if !c.Algorithm.Known() {
		report("token-algorithm", "%q is not one of ES256, EdDSA, RS256", c.Algorithm)
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
