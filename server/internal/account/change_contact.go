package account

import (
	"context"
	"fmt"
	"slices"

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

// ChangeContact sets a contact of the caller's account to the one that a proof names: it replaces a contact, or adds the first
// one of its kind. It notifies the previous contacts, and voids the open codes of the account. It refuses with PROOF_INVALID,
// EMAIL_TAKEN, PHONE_TAKEN, TOO_MANY_ATTEMPTS and SESSION_REVOKED.
func (s *Service) ChangeContact(ctx context.Context, caller Caller, v secret.Text) (dbsqlc.User, error) {
	contact, err := s.verifications.Peek(ctx, verification.ChangeContact, v)
	if err != nil {
		return dbsqlc.User{}, err
	}
	var user dbsqlc.User
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		locked, err := s.lockForClaim(ctx, tx, uuid.UUID(caller.User), contact)
		if err != nil {
			return err
		}
		own := slices.IndexFunc(locked, func(u dbsqlc.User) bool { return u.ID == uuid.UUID(caller.User) })
		if own < 0 {
			return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
		}
		before := locked[own]
		if err := s.limits.ChargeTx(ctx, tx, contactBudget.Of(caller.User.String())); err != nil {
			return err
		}
		proof, err := s.consumeProof(ctx, tx, verification.ChangeContact, v)
		if err != nil {
			return err
		}
		// A proof from before the account was secured cannot change it afterwards (OWASP ASVS 5.0 7.5.1).
		if proof.VerifiedAt.Before(before.SecuredAt) {
			return fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
		}
		proven := proof.Contact
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
			return asDuplicateFault(fmt.Errorf("set a contact: %w", err))
		}
		s.sessions.UserChanged(tx, caller.User)
		if err := s.claimContact(ctx, tx, proven, user.ID, caller.Client.RequestID); err != nil {
			return err
		}
		// The change voids the open codes and proofs of the previous contacts, and notifies the owner there.
		former := slices.DeleteFunc(provenContacts(before), func(c verification.Contact) bool { return c == proven })
		if err := s.verifications.Void(ctx, tx, former...); err != nil {
			return err
		}
		n := notify.Notice{Kind: notify.ContactChanged}
		if _, err := s.sendNotice(ctx, tx, before, n, former...); err != nil {
			return err
		}
		if _, err := s.pushNotice(ctx, tx, user, n); err != nil {
			return err
		}
		return audit.Record(ctx, tx, caller.entry(event))
	})
	return user, err
}
