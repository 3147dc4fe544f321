package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// ChangeContact gives the caller's account the contact that a proof, made for it, names. The contact that it had before is
// told, and its open codes die. It refuses with PROOF_INVALID, EMAIL_TAKEN and PHONE_TAKEN.
func (s *Service) ChangeContact(ctx context.Context, caller Caller, v secret.Text) (dbsqlc.User, error) {
	var user dbsqlc.User
	err := s.db.InTx(ctx, func(tx db.Tx) error {
		proven, err := s.consumeProof(ctx, tx, verification.ChangeContact, v)
		if err != nil {
			return err
		}
		before, err := s.q.LockUser(ctx, tx, uuid.UUID(caller.User))
		if db.NotFound(err) {
			return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
		}
		if err != nil {
			return fmt.Errorf("lock the account: %w", err)
		}
		event := audit.EmailChanged
		if proven.Channel == verification.Email {
			user, err = s.q.SetProvenEmail(ctx, tx, dbsqlc.SetProvenEmailParams{
				ID: before.ID, Email: proven.Value, Now: tx.Now,
			})
		} else {
			event = audit.PhoneChanged
			user, err = s.q.SetProvenPhone(ctx, tx, dbsqlc.SetProvenPhoneParams{
				ID: before.ID, Phone: proven.Value, Now: tx.Now,
			})
		}
		if err != nil {
			return asTaken(fmt.Errorf("set a contact: %w", err))
		}
		if err := s.takeOver(ctx, tx, proven, user.ID); err != nil {
			return err
		}
		for _, former := range provenContacts(before) {
			if former.Channel != proven.Channel || former == proven {
				continue
			}
			if err := s.verifications.Void(ctx, tx, former); err != nil {
				return err
			}
			if err := s.tell(ctx, tx, notify.ContactChanged, before.Locale, former); err != nil {
				return err
			}
		}
		return s.audit.Record(ctx, tx, caller.entry(event))
	})
	return user, err
}
