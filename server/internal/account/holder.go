package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
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
