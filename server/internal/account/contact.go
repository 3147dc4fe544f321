package account

import (
	"errors"
	"slices"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// The names of the contact fields in requests.
const (
	emailField = "email"
	phoneField = "phone"
)

// ContactInput is an e-mail address or a phone number, as the caller wrote it. At most one of the two is set.
type ContactInput struct {
	Email string
	Phone string
}

func (r Rules) parseEmail(text string) (contact.Email, []fault.Violation) {
	if r.Email == Off {
		return contact.Email{}, []fault.Violation{off(emailField)}
	}
	email, err := contact.ParseEmail(text)
	return email, violations(emailField, err)
}

func (r Rules) parsePhone(text string) (contact.Phone, []fault.Violation) {
	if r.Phone == Off {
		return contact.Phone{}, []fault.Violation{off(phoneField)}
	}
	phone, err := contact.ParsePhone(text, r.PhoneRegion)
	return phone, violations(phoneField, err)
}

// identifier returns the contact that is set.
func (r Rules) identifier(in ContactInput) (verification.Contact, []fault.Violation) {
	if in.Email != "" {
		email, wrong := r.parseEmail(in.Email)
		return verification.EmailContact(email), wrong
	}
	phone, wrong := r.parsePhone(in.Phone)
	return verification.PhoneContact(phone), wrong
}

// sendable refuses a number that cannot receive SMS, or to whose country none are sent. Callers check it before they send, since
// each SMS costs money.
func (r Rules) sendable(phone contact.Phone) []fault.Violation {
	if err := phone.RequireSMS(); err != nil {
		return violations(phoneField, err)
	}
	if !slices.Contains(r.SMSCountries, phone.Region()) {
		return []fault.Violation{{
			Field: phoneField, Rule: "phone.country", Message: "Numbers of this country cannot be used here.",
		}}
	}
	return nil
}

func off(field string) fault.Violation {
	return fault.Violation{Field: field, Rule: "contact.off", Message: "Leave this out: it is not used here."}
}

func required(field string) fault.Violation {
	return fault.Violation{Field: field, Rule: "required", Message: "This is needed."}
}

func violations(field string, err error) []fault.Violation {
	var invalid *contact.Invalid
	if errors.As(err, &invalid) {
		return []fault.Violation{{Field: field, Rule: invalid.Rule, Message: invalid.Message}}
	}
	return nil
}
