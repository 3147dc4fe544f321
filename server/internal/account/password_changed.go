package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// passwordChanged does what follows every new password. It ends all sessions except the one to keep, voids the codes and proofs
// that would give access, and notifies the owner at every contact and device. The devices whose sessions end get a final notice.
func (s *Service) passwordChanged(ctx context.Context, tx db.Tx, user dbsqlc.User, keep id.Session, entry audit.Entry) error {
	n := notify.Notice{Kind: notify.PasswordChanged}
	if err := s.pushFinalNotice(ctx, tx, user, keep, n); err != nil {
		return err
	}
	if err := s.sessions.EndOthers(ctx, tx, id.User(user.ID), keep); err != nil {
		return err
	}
	if err := s.q.SecureUser(ctx, tx, dbsqlc.SecureUserParams{ID: user.ID, Now: tx.Now}); err != nil {
		return fmt.Errorf("secure the account: %w", err)
	}
	if err := s.verifications.Void(ctx, tx, provenContacts(user)...); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, entry); err != nil {
		return err
	}
	if _, err := s.pushNotice(ctx, tx, user, n); err != nil {
		return err
	}
	_, err := s.sendNotice(ctx, tx, user, n, provenContacts(user)...)
	return err
}
