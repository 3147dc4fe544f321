package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/device"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// evidence is a proof of who a user is that was found good, and is used up by the transaction of the sign-in.
type evidence struct {
	// method is its name in access tokens, such as session.Password.
	method string
	// isNewAccount says that the evidence made the account.
	isNewAccount bool
	client       session.Client
}

// admit is the only way from evidence to a session, whatever the evidence is. It refuses with ACCOUNT_DISABLED and
// TOO_MANY_ATTEMPTS. The caller holds the user's row, as it is now.
func (s *Service) admit(ctx context.Context, tx db.Tx, user dbsqlc.User, e evidence) (session.Started, error) {
	if user.DisabledAt != nil {
		return session.Started{}, fault.New(latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
	}
	// Only here, after the evidence was good: a stranger cannot use up the owner's budget.
	if err := s.limits.ChargeTx(ctx, tx, sessionBudget.Of(user.ID.String())); err != nil {
		return session.Started{}, err
	}
	started, err := s.sessions.Start(ctx, tx, session.StartInput{
		User: id.User(user.ID), Role: user.Role, AMR: []string{e.method}, Client: e.client,
	})
	if err != nil {
		return session.Started{}, err
	}
	event := audit.SignedIn
	if e.isNewAccount {
		// An account's first device is no news to its owner.
		event = audit.SignedUp
		_, err = s.noteDevice(ctx, tx, user.ID, started.ID(), device.Of(e.client.UserAgent))
	} else {
		err = s.recognizeDevice(ctx, tx, user, started, e.client)
	}
	if err != nil {
		return session.Started{}, err
	}
	entry := entryOf(event, id.User(user.ID), e.client)
	entry.Session = started.ID()
	return started, audit.Record(ctx, tx, entry)
}
