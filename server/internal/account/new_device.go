package account

import (
	"context"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/device"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// recognizeDevice notes the device of a sign-in, and tells the owner of the account of one that it does not know. A device of which
// nothing could be told, since the budgets are used up, stays unknown: the next sign-in with it is told of again.
func (s *Service) recognizeDevice(ctx context.Context, tx db.Tx, user dbsqlc.User, started session.Started, client session.Client) error {
	seen := device.Of(client.UserAgent)
	unknown, err := s.noteDevice(ctx, tx, user.ID, started.ID(), seen)
	if err != nil || !unknown {
		return err
	}
	told, err := s.notifyOfNewDevice(ctx, tx, user, notify.SignIn{
		Session: uuid.UUID(started.ID()), Device: seen.Name(), IP: client.IP, At: tx.Now,
	})
	if err != nil || told {
		return err
	}
	return s.forgetDeviceOf(ctx, tx, started.ID())
}

// tellOfNewDevice tells the owner of an account of a sign-in. It reports whether the owner was told.
func (s *Service) notifyOfNewDevice(ctx context.Context, tx db.Tx, user dbsqlc.User, signIn notify.SignIn) (told bool, err error) {
	// An SMS has room for a short link only. The new session has no device yet, so what is shown is shown on the others.
	if user.PhoneVerifiedAt != nil {
		if err := s.sessions.StoreShortLink(ctx, tx, s.reportLinks, id.Session(signIn.Session)); err != nil {
			return false, err
		}
		signIn.Short = true
	}
	n := notify.Notice{Kind: notify.SignedInElsewhere, SignIn: &signIn}
	byContact, err := s.sendNotice(ctx, tx, user, n, provenContacts(user)...)
	if err != nil {
		return false, err
	}
	byDevice, err := s.pushNotice(ctx, tx, user, n)
	return byContact || byDevice, err
}
