package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Every notice counts against budgets of its account, by kind and channel. If the budget of a channel is used up, the notice is
// not sent there. The use-case goes on, and its entry is in the activity list.

// sendNotice sends a notice to each of the contacts, in the language of the account. It reports whether any was sent.
func (s *Service) sendNotice(
	ctx context.Context, tx db.Tx, user dbsqlc.User, n notify.Notice, contacts ...verification.Contact,
) (notified bool, err error) {
	n.Locale = user.Locale
	for _, c := range contacts {
		n.Channel, n.To = notify.ChannelOf(c), c.Value
		sent, err := s.messages.SendNotice(ctx, tx, owner(user), n)
		if err != nil {
			return false, err
		}
		notified = notified || sent
	}
	return notified, nil
}

// pushNotice sends a notice to the devices that the user has registered. It reports whether any was sent.
func (s *Service) pushNotice(ctx context.Context, tx db.Tx, user dbsqlc.User, n notify.Notice) (notified bool, err error) {
	devices, err := s.devices.List(ctx, tx, id.User(user.ID))
	if err != nil || len(devices) == 0 {
		return false, err
	}
	n.Locale = user.Locale
	return s.messages.PushNotice(ctx, tx, owner(user), devices, n)
}

// pushFinalNotice sends a notice to the devices of all sessions of the user except one. The transaction ends these sessions
// afterwards, and so deletes their devices.
func (s *Service) pushFinalNotice(ctx context.Context, tx db.Tx, user dbsqlc.User, keep id.Session, n notify.Notice) error {
	devices, err := s.devices.ListOthers(ctx, tx, id.User(user.ID), keep)
	if err != nil || len(devices) == 0 {
		return err
	}
	n.Locale = user.Locale
	return s.messages.PushFinalNotice(ctx, tx, owner(user), devices, n, s.devices.KeepTokensForFinalNotice)
}

// owner returns the key of the budgets for an account's notices, which is also the recipient of its push notifications.
func owner(user dbsqlc.User) string { return id.User(user.ID).String() }
