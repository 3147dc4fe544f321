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

// takeOver takes a contact that was just proven from the accounts that hold it without a proof, and notifies their owners at
// the contacts that they have proven. So no account keeps an address from its owner by signing up with it first.
//
// It takes from a hundred accounts: making more of them must not make the owner's proof time out. The others keep a contact
// that is worth nothing to them, since the account that has proven it is the one that it signs in to.
func (s *Service) claimContact(
	ctx context.Context, tx db.Tx, c verification.Contact, newOwner uuid.UUID,
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
		// Where the new owner is, is none of the former holder's business.
		entry := audit.Entry{User: id.User(loser.ID), Event: audit.ContactLost}
		if err := s.audit.Record(ctx, tx, entry); err != nil {
			return err
		}
		if _, err := s.sendNotice(ctx, tx, loser, notify.Notice{Kind: notify.ContactLost}, provenContacts(loser)...); err != nil {
			return err
		}
	}
	return nil
}

// lockForTakeOver locks an account and those that takeOver will take its new contacts from, and returns them all.
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
