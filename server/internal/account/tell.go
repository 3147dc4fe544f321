package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// tell sends a notice to each of the contacts, in the language of their account.
func (s *Service) tell(
	ctx context.Context, tx db.Tx, kind notify.NoticeKind, locale string, contacts ...verification.Contact,
) error {
	return s.tellContacts(ctx, tx, notify.Notice{Kind: kind, Locale: locale}, contacts...)
}

func (s *Service) tellContacts(ctx context.Context, tx db.Tx, n notify.Notice, contacts ...verification.Contact) error {
	for _, c := range contacts {
		n.Channel, n.To = channelOf(c), c.Value
		if err := s.messages.SendNotice(ctx, tx, n); err != nil {
			return err
		}
	}
	return nil
}

// tellDevices shows a notice on the devices that the user has registered.
func (s *Service) tellDevices(ctx context.Context, tx db.Tx, user dbsqlc.User, n notify.Notice) error {
	devices, err := s.devices.List(ctx, tx, id.User(user.ID))
	if err != nil || len(devices) == 0 {
		return err
	}
	n.Locale = user.Locale
	return s.messages.PushNotice(ctx, tx, id.User(user.ID).String(), devices, n)
}

// tellLeaving shows a notice on the devices of all the user's sessions but one, which the transaction ends after this: with
// them it forgets their devices.
func (s *Service) tellLeaving(ctx context.Context, tx db.Tx, user dbsqlc.User, keep id.Session, n notify.Notice) error {
	devices, err := s.devices.Leaving(ctx, tx, id.User(user.ID), keep)
	if err != nil || len(devices) == 0 {
		return err
	}
	n.Locale = user.Locale
	return s.messages.PushFarewell(ctx, tx, id.User(user.ID).String(), devices, n, s.devices.KeepForFarewell)
}

func channelOf(c verification.Contact) notify.Channel {
	if c.Channel == verification.Phone {
		return notify.SMS
	}
	return notify.Email
}
