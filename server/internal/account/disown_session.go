package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// DisownSession ends a session by the secret of the link in the notice about it: "this was not me". The caller need not be
// signed in. The device of that sign-in is unknown again. It reports whether a session ended; a secret that is none, or whose
// session is over, ends nothing. It refuses with TOO_MANY_ATTEMPTS when a network tries many short ones.
func (s *Service) DisownSession(ctx context.Context, link secret.Text, client session.Client) (ended bool, err error) {
	disowned, ok, err := s.sessionOf(ctx, link, client)
	if err != nil || !ok {
		return false, err
	}
	owner, ok, err := s.sessions.OwnerOf(ctx, disowned)
	if err != nil {
		return false, err
	}
	if !ok {
		// The session is over: its device is forgotten all the same, so that the next sign-in with it is noticed.
		return false, s.forgetDeviceOf(ctx, s.db, disowned)
	}
	caller := Caller{User: owner, Session: disowned, Client: client}
	err = s.asOwner(ctx, caller, func(tx db.Tx, _ dbsqlc.User) error {
		if ended, err = s.sessions.End(ctx, tx, owner, disowned); err != nil || !ended {
			return err
		}
		if err := s.forgetDeviceOf(ctx, tx, disowned); err != nil {
			return err
		}
		return audit.Record(ctx, tx, caller.entry(audit.SessionDisowned))
	})
	return ended, err
}

// CanDisown tells whether a text has the form of a link's secret: one that is cut short has not. It looks nothing up, so it
// tells nobody which secrets there are.
func (s *Service) CanDisown(link secret.Text) bool { return s.disowning.Form(link) }

// sessionOf gives the session that a secret names. A long one names it by itself; a short one is looked up, once the look has
// been charged.
func (s *Service) sessionOf(ctx context.Context, link secret.Text, client session.Client) (id.Session, bool, error) {
	if named, ok := s.disowning.Read(link); ok || !s.disowning.IsShort(link) {
		return named, ok, nil
	}
	if err := s.limits.Charge(ctx, shortLinkBudget.Of(ratelimit.Network(client.IP))); err != nil {
		return id.Session{}, false, err
	}
	return s.sessions.FindShort(ctx, s.disowning, link)
}
