package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/device"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// User is an account as it is stored, without its password.
type User = dbsqlc.User

// SignedIn is an account whose owner has just signed in.
type SignedIn struct {
	User   User
	Tokens session.Tokens
}

// startSession starts a session and records how. The caller holds the user's row. It refuses with TOO_MANY_ATTEMPTS.
func (s *Service) startSession(
	ctx context.Context, tx db.Tx, user dbsqlc.User, method string, event audit.Event, client session.Client,
) (session.Started, error) {
	// Only here, after the evidence was good: a stranger cannot use up the owner's budget.
	if err := s.limits.ChargeTx(ctx, tx, sessionBudget.Of(user.ID.String())); err != nil {
		return session.Started{}, err
	}
	started, err := s.sessions.Start(ctx, tx, session.StartInput{
		User: id.User(user.ID), Role: user.Role, AMR: []string{method}, Client: client,
	})
	if err != nil {
		return session.Started{}, err
	}
	if event == audit.SignedUp {
		_, err = s.noteDevice(ctx, tx, user.ID, started.ID(), device.Of(client.UserAgent))
	} else {
		err = s.recognizeDevice(ctx, tx, user, started, client)
	}
	if err != nil {
		return session.Started{}, err
	}
	return started, s.audit.Record(ctx, tx, audit.Entry{
		User: id.User(user.ID), Event: event, IP: client.IP, UserAgent: client.UserAgent, Session: started.ID(),
	})
}

// signedIn signs the tokens, once the transaction has been committed.
func (s *Service) signedIn(user dbsqlc.User, started session.Started) (SignedIn, error) {
	tokens, err := s.sessions.Tokens(started)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{User: user, Tokens: tokens}, nil
}
