package account

import (
	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// SignUpViolations returns every rule of this server's settings that a sign-up breaks, in the order of the fields. The rules of
// shape are in the contract.
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
	// Without a contact, signing in would be impossible.
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
