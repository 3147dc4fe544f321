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

// recognizeDevice records the device of a sign-in, and notifies the owner of the account if the device is unknown. If no notice
// can be sent, since the budgets are used up, the device stays unknown: the next sign-in with it causes a notice.
func (s *Service) recognizeDevice(ctx context.Context, tx db.Tx, user dbsqlc.User, started session.Started, client session.Client) error {
	seen := device.Of(client.UserAgent)
	unknown, err := s.noteDevice(ctx, tx, user.ID, started.ID(), seen)
	if err != nil || !unknown {
		return err
	}
	notified, err := s.notifyOfNewDevice(ctx, tx, user, notify.SignIn{
		Session: uuid.UUID(started.ID()), Device: seen.Name(), IP: client.IP, At: tx.Now,
	})
	if err != nil || notified {
		return err
	}
	return s.forgetDeviceOf(ctx, tx, started.ID())
}

// notifyOfNewDevice notifies the owner of an account of a sign-in. It reports whether any notice was sent.
func (s *Service) notifyOfNewDevice(ctx context.Context, tx db.Tx, user dbsqlc.User, signIn notify.SignIn) (notified bool, err error) {
	// An SMS has room for a short link only.
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
