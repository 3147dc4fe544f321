package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Every notice counts against budgets of its account, by kind and channel. A channel whose budget is used up is left out: what
// the notice is about is never refused for that, and stands in the activity list.

// tell sends a notice to each of the contacts, in the language of the account. It reports whether any was sent.
func (s *Service) sendNotice(
	ctx context.Context, tx db.Tx, user dbsqlc.User, n notify.Notice, contacts ...verification.Contact,
) (told bool, err error) {
	n.Locale = user.Locale
	for _, c := range contacts {
		n.Channel, n.To = notify.ChannelOf(c), c.Value
		sent, err := s.messages.SendNotice(ctx, tx, owner(user), n)
		if err != nil {
			return false, err
		}
		told = told || sent
	}
	return told, nil
}

// tellDevices shows a notice on devices that the user has registered. It reports whether any is shown.
func (s *Service) pushNotice(ctx context.Context, tx db.Tx, user dbsqlc.User, n notify.Notice) (told bool, err error) {
	devices, err := s.devices.List(ctx, tx, id.User(user.ID))
	if err != nil || len(devices) == 0 {
		return false, err
	}
	n.Locale = user.Locale
	return s.messages.PushNotice(ctx, tx, owner(user), devices, n)
}

// tellLeaving shows a notice on the devices of all the user's sessions but one, which the transaction ends after this: with
// them it forgets their devices.
func (s *Service) pushFinalNotice(ctx context.Context, tx db.Tx, user dbsqlc.User, keep id.Session, n notify.Notice) error {
	devices, err := s.devices.ListOthers(ctx, tx, id.User(user.ID), keep)
	if err != nil || len(devices) == 0 {
		return err
	}
	n.Locale = user.Locale
	return s.messages.PushFinalNotice(ctx, tx, owner(user), devices, n, s.devices.KeepTokensForFinalNotice)
}

// owner is what the budgets of an account's notices are keyed by, and whom its notifications are for.
func owner(user dbsqlc.User) string { return id.User(user.ID).String() }
