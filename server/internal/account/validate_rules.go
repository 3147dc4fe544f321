package account

import (
	"regexp"
	"slices"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

// Roles are used in tokens and in code.
var rolePattern = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,31}$`)

// Validate reports every setting that cannot be used.
func (r Rules) Validate(report func(setting, format string, args ...any)) {
	for setting, rule := range map[string]ContactRule{"sign-up-email": r.Email, "sign-up-phone": r.Phone} {
		switch rule {
		case Verified, Required, Optional, Off:
		default:
			report(setting, "%q is not one of verified, required, optional, off", rule)
		}
	}
	if r.Email != Verified && r.Phone != Verified {
		report("sign-up-email", "an account is found by a proven contact: this one or the phone has to be verified")
	}
	if r.Discovery != Open && r.Discovery != Private {
		report("account-discovery", "%q is not one of open, private", r.Discovery)
	}
	if len(r.Roles) == 0 {
		report("roles", "needs at least one role")
	}
	for i, role := range r.Roles {
		switch {
		case role == AdminRole:
			report("roles", "%q cannot be chosen at sign-up", role)
		case !rolePattern.MatchString(role):
			report("roles", "%q is no role: lower-case letters, digits, - and _, at most 32", role)
		case slices.Contains(r.Roles[:i], role):
			report("roles", "%q stands there twice", role)
		}
	}
	if !contact.KnownRegion(r.PhoneRegion) {
		report("phone-region", "%q is no country of ISO 3166-1; write it like KR", r.PhoneRegion)
	}
	for _, region := range r.SMSCountries {
		if !contact.KnownRegion(region) {
			report("sms-countries", "%q is no country of ISO 3166-1; write it like KR", region)
		}
	}
}
