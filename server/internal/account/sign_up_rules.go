package account

import (
	"slices"
	"strings"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// SignUpViolations names every rule of this server's settings that a sign-up breaks, in the order of the fields. Rules of
// shape stand in the contract.
func (s *Service) SignUpViolations(in SignUpInput) []fault.Violation {
	_, _, wrong := s.rules.readSignUp(in)
	return wrong
}

func (r Rules) readSignUp(in SignUpInput) (email contact.Email, phone contact.Phone, wrong []fault.Violation) {
	switch {
	case in.Email != "":
		email, wrong = r.parseEmail(in.Email)
	case r.Email == Verified || r.Email == Required:
		wrong = append(wrong, required(emailField))
	}
	var v []fault.Violation
	switch {
	case in.Phone != "":
		phone, v = r.parsePhone(in.Phone)
		wrong = append(wrong, v...)
	case r.Phone == Verified || r.Phone == Required:
		wrong = append(wrong, required(phoneField))
	}
	// An account without any contact could never be signed in to.
	if in.Email == "" && in.Phone == "" && len(wrong) == 0 {
		if r.Email == Off {
			wrong = append(wrong, required(phoneField))
		} else {
			wrong = append(wrong, required(emailField))
		}
	}
	wrong = append(wrong, r.newPassword("password", in.Password, in.Email, in.Phone, in.Nickname, in.Name)...)
	wrong = append(wrong, r.role(in.Role)...)
	return email, phone, wrong
}

func (r Rules) newPassword(field string, password secret.Text, own ...string) []fault.Violation {
	var wrong []fault.Violation
	for _, v := range r.Passwords.Check(password.Reveal(), own...) {
		wrong = append(wrong, fault.Violation{Field: field, Rule: v.Rule, Message: v.Message})
	}
	return wrong
}

// invalidOrPolicy says PASSWORD_POLICY when nothing but the password is wrong.
func invalidOrPolicy(wrong []fault.Violation) error {
	invalid := fault.Invalid(wrong...)
	if !slices.ContainsFunc(wrong, func(v fault.Violation) bool { return !strings.HasPrefix(v.Rule, "password.") }) {
		invalid.Reason = latchkeyv1.Reason_REASON_PASSWORD_POLICY
	}
	return invalid
}
