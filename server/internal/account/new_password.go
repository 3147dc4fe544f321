package account

import (
	"slices"
	"strings"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const newPasswordField = "newPassword"

// NewPasswordViolations returns the rules that a new password breaks, as far as they do not depend on its user.
func (s *Service) NewPasswordViolations(chosen secret.Text) []fault.Violation {
	return s.rules.newPassword(newPasswordField, chosen)
}

func (r Rules) newPassword(field string, password secret.Text, own ...string) []fault.Violation {
	var wrong []fault.Violation
	for _, v := range r.Passwords.Check(password.Reveal(), own...) {
		wrong = append(wrong, fault.Violation{Field: field, Rule: v.Rule, Message: v.Message})
	}
	return wrong
}

// invalidOrPolicy returns PASSWORD_POLICY if all violations are about the password, and INVALID_FIELDS otherwise.
func invalidOrPolicy(wrong []fault.Violation) error {
	invalid := fault.Invalid(wrong...)
	if !slices.ContainsFunc(wrong, func(v fault.Violation) bool { return !strings.HasPrefix(v.Rule, "password.") }) {
		invalid.Reason = latchkeyv1.Reason_REASON_PASSWORD_POLICY
	}
	return invalid
}

// ownIdentifiers returns the texts that the user's password must not contain.
func ownIdentifiers(user dbsqlc.User) []string {
	own := []string{user.Name, user.Nickname}
	for _, c := range []*string{user.Email, user.Phone} {
		if c != nil {
			own = append(own, *c)
		}
	}
	return own
}
