package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// claimContact removes a contact that newOwner has just proven from the accounts that hold it without a proof, and notifies their
// owners at the contacts that they have proven. So a user cannot keep an address from its owner by signing up with it first.
//
// It changes a hundred accounts at most: an attacker who creates more must not make the owner's proof time out. The other
// accounts keep a contact that is of no use to them, since sign-ins with it reach the account that has proven it.
func (s *Service) claimContact(
	ctx context.Context, tx db.Tx, c verification.Contact, newOwner uuid.UUID, requestID string,
) error {
	var (
		losers []dbsqlc.User
		err    error
	)
	if c.Channel == verification.Email {
		losers, err = s.q.ClaimEmail(ctx, tx, dbsqlc.ClaimEmailParams{Email: c.Value, NewOwner: newOwner})
	} else {
		losers, err = s.q.ClaimPhone(ctx, tx, dbsqlc.ClaimPhoneParams{Phone: c.Value, NewOwner: newOwner})
	}
	if err != nil {
		return fmt.Errorf("take over a contact: %w", err)
	}
	for _, loser := range losers {
		s.sessions.UserChanged(tx, id.User(loser.ID))
		// The former holder must not learn the new owner's address and device, so the entry has neither.
		entry := audit.Entry{
			Event: audit.ContactLost, Actor: audit.User(id.User(newOwner)), User: id.User(loser.ID), RequestID: requestID,
		}
		if err := audit.Record(ctx, tx, entry); err != nil {
			return err
		}
		if _, err := s.sendNotice(ctx, tx, loser, notify.Notice{Kind: notify.ContactLost}, provenContacts(loser)...); err != nil {
			return err
		}
	}
	return nil
}

// lockForClaim locks an account and those that claimContact will remove its new contacts from, and returns them all.
func (s *Service) lockForClaim(
	ctx context.Context, tx db.Tx, account uuid.UUID, contacts ...verification.Contact,
) ([]dbsqlc.User, error) {
	lock := dbsqlc.LockForClaimParams{ID: account}
	for _, c := range contacts {
		if c.Channel == verification.Email {
			lock.Email = &c.Value
		} else {
			lock.Phone = &c.Value
		}
	}
	locked, err := s.q.LockForClaim(ctx, tx, lock)
	if err != nil {
		return nil, fmt.Errorf("lock the accounts of a contact: %w", err)
	}
	return locked, nil
}
