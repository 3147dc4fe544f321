package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// DisownSession ends a session by the secret of the link in the notice about it: "this was not me". Nobody has to be signed
// in for that. It tells whether a session ended; a secret that is none, or whose session is over, ends nothing.
func (s *Service) DisownSession(ctx context.Context, link secret.Text, client session.Client) (ended bool, err error) {
	disowned, ok := s.disowning.Read(link)
	if !ok {
		return false, nil
	}
	owner, ok, err := s.sessions.OwnerOf(ctx, disowned)
	if err != nil || !ok {
		return false, err
	}
	caller := Caller{User: owner, Session: disowned, Client: client}
	err = s.asOwner(ctx, caller, func(tx db.Tx) error {
		if ended, err = s.sessions.End(ctx, tx, owner, disowned); err != nil || !ended {
			return err
		}
		return s.audit.Record(ctx, tx, caller.entry(audit.SessionDisowned))
	})
	return ended, err
}
