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

// SendCodeInput names the contact to send a code to, and the purpose.
type SendCodeInput struct {
	Purpose verification.Purpose
	ContactInput
	// Locale is the language of the message if the contact has no account.
	Locale string
	Client session.Client
}

// SendCode sends a code and voids the previous one. It refuses with INVALID_FIELDS, TOO_MANY_SENDS and TOO_MANY_ATTEMPTS. At
// sign-up, if account discovery is open, it also refuses with EMAIL_TAKEN or PHONE_TAKEN.
//
// Otherwise the answer does not depend on whether there is an account. Where a code would be useless, SendCode creates a
// verification whose code is not sent. It still queues a job, so that the time does not reveal it either.
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
		// The language that the account has chosen comes before that of the page, which another person may have opened.
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
		notified, err := s.notifyOwner(ctx, tx, in, held, notify.Notice{
			Kind: notify.AccountExists, Channel: notify.ChannelOf(to), To: to.Value, Locale: in.Locale,
		})
		if err != nil || notified {
			return err
		}
		return s.messages.SendCode(ctx, tx, to, started.ID)
	})
	return started, err
}

// notifyOwner sends a notice instead of a code to a contact that is to sign up and has an account. It reports whether it was
// sent. The contact's budget is charged whether or not there is an account, so that the time does not reveal it. If the budget is
// used up, the code is withheld instead.
func (s *Service) notifyOwner(ctx context.Context, tx db.Tx, in SendCodeInput, held bool, n notify.Notice) (notified bool, err error) {
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

// withheld reports whether a code would be useless: because the contact has no account, or because the new contact belongs to
// one.
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
