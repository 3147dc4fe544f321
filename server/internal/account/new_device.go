package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/device"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// tellOfNewDevice tells the owner of an account of a sign-in on a device that the account does not know: one whose name is
// none of those that it was signed in to with before. The name leaves versions out, so that an update is no new device. It
// is done before the sign-in itself is noted.
func (s *Service) tellOfNewDevice(ctx context.Context, tx db.Tx, user dbsqlc.User, started session.Started, client session.Client) error {
	agents, err := s.q.ListSignInAgents(ctx, tx, user.ID)
	if err != nil {
		return fmt.Errorf("list the devices of sign-ins: %w", err)
	}
	name := device.Name(client.UserAgent)
	if slices.ContainsFunc(agents, func(agent string) bool { return device.Name(agent) == name }) {
		return nil
	}
	n := notify.Notice{
		Kind: notify.SignedInElsewhere, Locale: user.Locale,
		SignIn: &notify.SignIn{Session: uuid.UUID(started.ID()), Device: name, IP: client.IP, At: tx.Now},
	}
	// An SMS has room for a short link only. The new session has no device yet, so what is shown is shown on the others.
	if user.PhoneVerifiedAt != nil {
		if err := s.sessions.KeepShort(ctx, tx, s.disowning, started.ID()); err != nil {
			return err
		}
		n.SignIn.Short = true
	}
	if err := s.tellContacts(ctx, tx, n, provenContacts(user)...); err != nil {
		return err
	}
	return s.tellDevices(ctx, tx, user, n)
}
