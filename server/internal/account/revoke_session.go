package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// RevokeSession ends one of the caller's sessions. It refuses with NOT_FOUND, also for a session of another user.
func (s *Service) RevokeSession(ctx context.Context, caller Caller, session id.Session) error {
	return s.asOwner(ctx, caller, func(tx db.Tx, _ dbsqlc.User) error {
		found, err := s.sessions.End(ctx, tx, caller.User, session)
		if err != nil {
			return err
		}
		if !found {
			return fault.New(latchkeyv1.Reason_REASON_NOT_FOUND)
		}
		entry := caller.entry(audit.SessionEnded)
		entry.Session = session
		return audit.Record(ctx, tx, entry)
	})
}

// RevokeOtherSessions ends every session of the caller except that of this call. If there are no others, it writes nothing, so
// that a loop of calls adds no rows.
func (s *Service) RevokeOtherSessions(ctx context.Context, caller Caller) error {
	return s.asOwner(ctx, caller, func(tx db.Tx, _ dbsqlc.User) error {
		others, err := s.sessions.HasOthers(ctx, tx, caller.User, caller.Session)
		if err != nil || !others {
			return err
		}
		if err := s.sessions.EndOthers(ctx, tx, caller.User, caller.Session); err != nil {
			return err
		}
		return audit.Record(ctx, tx, caller.entry(audit.OtherSessionsEnded))
	})
}
