package account

import (
	"context"
	"fmt"
	"slices"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// findContactOwner returns the account that has proven a contact. held is false if there is none.
func (s *Service) findContactOwner(
	ctx context.Context, handle dbsqlc.DBTX, c verification.Contact,
) (holder dbsqlc.User, held bool, err error) {
	holder, err = s.q.FindUserByProvenContact(ctx, handle, dbsqlc.FindUserByProvenContactParams{
		Channel: string(c.Channel), Contact: c.Value,
	})
	if db.NotFound(err) {
		return dbsqlc.User{}, false, nil
	}
	if err != nil {
		return dbsqlc.User{}, false, fmt.Errorf("find the holder of a contact: %w", err)
	}
	return holder, true, nil
}

// contactOwner returns the account that has proven the contact of a proof. It refuses with PROOF_INVALID if there is none: the
// account was deleted, or has changed its contact, since the code was sent.
func (s *Service) contactOwner(ctx context.Context, handle dbsqlc.DBTX, proven verification.Contact) (dbsqlc.User, error) {
	holder, held, err := s.findContactOwner(ctx, handle, proven)
	if err == nil && !held {
		return dbsqlc.User{}, fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	return holder, err
}

// lockContactOwner is contactOwner, and locks the account until the transaction ends.
func (s *Service) lockContactOwner(ctx context.Context, tx db.Tx, proven verification.Contact) (dbsqlc.User, error) {
	found, err := s.contactOwner(ctx, tx, proven)
	if err != nil {
		return dbsqlc.User{}, err
	}
	holder, err := s.q.LockUser(ctx, tx, found.ID)
	// The account may have changed its contact while this transaction waited for the lock.
	if db.NotFound(err) || err == nil && !slices.Contains(provenContacts(holder), proven) {
		return dbsqlc.User{}, fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	if err != nil {
		return dbsqlc.User{}, fmt.Errorf("lock the holder of a contact: %w", err)
	}
	return holder, nil
}
