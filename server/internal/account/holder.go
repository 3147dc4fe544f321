package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// findProvenHolder returns the account that has proven a contact. It is not held when there is none.
func (s *Service) findProvenHolder(ctx context.Context, c verification.Contact) (holder dbsqlc.User, held bool, err error) {
	holder, err = s.q.FindUserByProvenContact(ctx, s.db, dbsqlc.FindUserByProvenContactParams{
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

func (s *Service) findHolder(ctx context.Context, c verification.Contact) (dbsqlc.User, error) {
	user, held, err := s.findProvenHolder(ctx, c)
	if err == nil && !held {
		return user, fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	return user, err
}

// lockHolder finds the account that has proven a contact. There may be none any more: the account was deleted, or has
// another contact, since the code was sent.
func (s *Service) lockHolder(ctx context.Context, tx db.Tx, c verification.Contact) (dbsqlc.User, error) {
	user, err := s.q.LockUserByProvenContact(ctx, tx, dbsqlc.LockUserByProvenContactParams{
		Channel: string(c.Channel), Contact: c.Value,
	})
	if db.NotFound(err) {
		return dbsqlc.User{}, fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	if err != nil {
		return dbsqlc.User{}, fmt.Errorf("find the holder of a contact: %w", err)
	}
	return user, nil
}
