package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// tell sends a notice to each of the contacts, in the language of their account.
func (s *Service) tell(
	ctx context.Context, tx db.Tx, kind notify.NoticeKind, locale string, contacts ...verification.Contact,
) error {
	for _, c := range contacts {
		err := s.messages.SendNotice(ctx, tx, notify.Notice{
			Kind: kind, Channel: channelOf(c), To: c.Value, Locale: locale,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func channelOf(c verification.Contact) notify.Channel {
	if c.Channel == verification.Phone {
		return notify.SMS
	}
	return notify.Email
}
