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

// ReportSession ends the session that a link in a notice names: its owner says "this was not me". The caller need not be signed
// in. The device of the sign-in becomes unknown again. ReportSession reports whether a session ended; an invalid secret, or one
// whose session has ended before, ends nothing. It refuses with TOO_MANY_ATTEMPTS when a network tries many short secrets.
func (s *Service) ReportSession(ctx context.Context, link secret.Text, client session.Client) (ended bool, err error) {
	reported, ok, err := s.sessionOf(ctx, link, client)
	if err != nil || !ok {
		return false, err
	}
	owner, ok, err := s.sessions.OwnerOf(ctx, reported)
	if err != nil {
		return false, err
	}
	if !ok {
		// Although the session has ended, its device is forgotten, so that the next sign-in with it causes a notice.
		return false, s.forgetDeviceOf(ctx, s.db, reported)
	}
	caller := Caller{User: owner, Session: reported, Client: client}
	err = s.asOwner(ctx, caller, func(tx db.Tx, _ dbsqlc.User) error {
		if ended, err = s.sessions.End(ctx, tx, owner, reported); err != nil || !ended {
			return err
		}
		if err := s.forgetDeviceOf(ctx, tx, reported); err != nil {
			return err
		}
		return audit.Record(ctx, tx, caller.entry(audit.SessionDisowned))
	})
	return ended, err
}

// IsReportSecret reports whether a text has the form of a link's secret; a truncated one does not. It runs no SQL, so it does
// not reveal which secrets exist.
func (s *Service) IsReportSecret(link secret.Text) bool { return s.reportLinks.WellFormed(link) }

// sessionOf returns the session that a secret names. A long secret contains the session. A short one is looked up in the
// database, after the attempt was charged to the client's network.
func (s *Service) sessionOf(ctx context.Context, link secret.Text, client session.Client) (id.Session, bool, error) {
	if named, ok := s.reportLinks.Read(link); ok || !s.reportLinks.IsShort(link) {
		return named, ok, nil
	}
	if err := s.limits.Charge(ctx, shortLinkBudget.Of(ratelimit.Network(client.IP))); err != nil {
		return id.Session{}, false, err
	}
	return s.sessions.FindByShortLink(ctx, s.reportLinks, link)
}
