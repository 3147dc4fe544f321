package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// SendCodeInput says where to send a code, and what for.
type SendCodeInput struct {
	Purpose verification.Purpose
	ContactInput
	// Locale is the language of the message where the contact has no account.
	Locale string
	Client session.Client
}

// SendCode sends a code and voids the one before it. It refuses with INVALID_FIELDS, TOO_MANY_SENDS, TOO_MANY_ATTEMPTS, and at
// sign-up, while account discovery is open, with EMAIL_TAKEN or PHONE_TAKEN.
//
// Otherwise the answer is the same whether there is an account or not: where a code would be of no use, a verification is
// made whose code nobody is sent, and a job is queued all the same, so that the time does not tell either.
func (s *Service) SendCode(ctx context.Context, in SendCodeInput) (verification.Started, error) {
	to, wrong := s.rules.sendTo(in.ContactInput)
	if len(wrong) > 0 {
		return verification.Started{}, fault.Invalid(wrong...)
	}
	if err := s.chargeDiscovery(ctx, in.Client); err != nil {
		return verification.Started{}, err
	}
	holder, held, err := s.findContactOwner(ctx, s.db, to)
	if err != nil {
		return verification.Started{}, err
	}
	if in.Purpose == verification.SignUp && held && s.rules.Discovery == Open {
		return verification.Started{}, duplicateFault(dbsqlc.FindDuplicatesRow{
			EmailTaken: to.Channel == verification.Email, PhoneTaken: to.Channel == verification.Phone,
		})
	}
	if held {
		// What an account has chosen comes before the language of the page that asks, which may not be its owner's.
		in.Locale = holder.Locale
	}

	var started verification.Started
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		var err error
		started, err = s.verifications.Start(ctx, tx, verification.StartInput{
			Purpose: in.Purpose, Contact: to, Locale: in.Locale, Withheld: withheld(in.Purpose, held),
		})
		if err != nil {
			return err
		}
		told, err := s.notifyOwner(ctx, tx, in, held, notify.Notice{
			Kind: notify.AccountExists, Channel: notify.ChannelOf(to), To: to.Value, Locale: in.Locale,
		})
		if err != nil || told {
			return err
		}
		return s.messages.SendCode(ctx, tx, to, started.ID)
	})
	return started, err
}

// tellOfAccount sends a notice in place of a code to a contact that is to sign up and has an account. It reports whether it has.
// The budget is that of the contact, and is charged whether there is an account or not, so that the time does not tell. When it
// is used up, the code goes its way: it is withheld.
func (s *Service) notifyOwner(ctx context.Context, tx db.Tx, in SendCodeInput, held bool, n notify.Notice) (told bool, err error) {
	switch {
	case in.Purpose != verification.SignUp || s.rules.Discovery == Open:
		return false, nil
	case held:
		return s.messages.SendNotice(ctx, tx, n.To, n)
	default:
		_, err := s.messages.ChargeNotice(ctx, tx, n.To, n.Kind, n.Channel)
		return false, err
	}
}

// withheld tells whether a code would be of no use to anybody: for want of an account, or because the new contact is
// somebody's already.
func withheld(purpose verification.Purpose, held bool) bool {
	switch purpose {
	case verification.SignIn, verification.ResetPassword, verification.Reauthenticate:
		return !held
	case verification.SignUp, verification.ChangeContact:
		return held
	default:
		return true
	}
}

func (r Rules) sendTo(in ContactInput) (verification.Contact, []fault.Violation) {
	if in.Email != "" {
		email, wrong := r.parseEmail(in.Email)
		return verification.EmailContact(email), wrong
	}
	phone, wrong := r.parsePhone(in.Phone)
	if len(wrong) == 0 {
		wrong = r.sendable(phone)
	}
	return verification.PhoneContact(phone), wrong
}
