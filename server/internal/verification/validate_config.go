package verification

import "time"

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	for _, limit := range []struct {
		setting     string
		value       time.Duration
		least, most time.Duration
	}{
		// The minimums are for tests of applications, which should not wait. NIST SP 800-63B-4 section 3.1.3.2 and OWASP ASVS 5.0
		// 6.5.5 limit a code to ten minutes.
		{"code-ttl", c.CodeTTL, time.Second, 10 * time.Minute},
		{"code-resend-wait", c.ResendWait, 0, 10 * time.Minute},
		{"proof-ttl", c.ProofTTL, time.Second, time.Hour},
	} {
		if limit.value < limit.least || limit.value > limit.most {
			report(limit.setting, "%s is not between %s and %s", limit.value, limit.least, limit.most)
		}
	}
	if _, err := c.fixedContacts(); err != nil {
		report("fixed-codes", "%v", err)
	}
	if c.FixedCodes.Empty() && c.FixedCodesUntil != "" {
		report("fixed-codes-until", "does nothing without LATCHKEY_FIXED_CODES")
	}
	if _, err := time.Parse(time.DateOnly, c.FixedCodesUntil); err != nil && (c.FixedCodesUntil != "" || !c.FixedCodes.Empty()) {
		report("fixed-codes-until", "%q is no day; write it like 2027-01-31", c.FixedCodesUntil)
	}
}
