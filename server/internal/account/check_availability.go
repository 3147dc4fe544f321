package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// CheckAvailabilityInput names an e-mail address, a phone number or a nickname.
type CheckAvailabilityInput struct {
	ContactInput
	Nickname string
	Client   session.Client
}

// CheckAvailability reports whether a new account could use a contact or a nickname. If account discovery is private, every
// contact is available. It refuses with INVALID_FIELDS and TOO_MANY_ATTEMPTS.
func (s *Service) CheckAvailability(ctx context.Context, in CheckAvailabilityInput) (bool, error) {
	var (
		arg   dbsqlc.FindDuplicatesParams
		wrong []fault.Violation
	)
	switch {
	case in.Email != "":
		email, v := s.rules.parseEmail(in.Email)
		arg.Email, wrong = nilIfEmpty(email.String()), v
	case in.Phone != "":
		phone, v := s.rules.parsePhone(in.Phone)
		arg.Phone, wrong = nilIfEmpty(phone.String()), v
	default:
		arg.NicknameKey = nilIfEmpty(nicknameKey(in.Nickname))
	}
	if len(wrong) > 0 {
		return false, fault.Invalid(wrong...)
	}
	if s.rules.Discovery == Private {
		arg.Email, arg.Phone = nil, nil
	}
	if err := s.chargeDiscovery(ctx, in.Client); err != nil {
		return false, err
	}
	row, err := s.findDuplicates(ctx, arg)
	if err != nil {
		return false, err
	}
	return !row.EmailTaken && !row.PhoneTaken && !row.NicknameTaken, nil
}
