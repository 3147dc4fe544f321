package verification

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// Void voids every code and proof of these contacts that gives access to an account. A change of the account's password or
// contact has to do so (OWASP ASVS 5.0 7.4.3).
func (s *Service) Void(ctx context.Context, tx db.Tx, contacts ...Contact) error {
	for _, c := range contacts {
		err := s.q.VoidVerifications(ctx, tx, dbsqlc.VoidVerificationsParams{
			Channel: string(c.Channel), Contact: c.Value, Now: tx.Now,
		})
		if err != nil {
			return fmt.Errorf("void codes: %w", err)
		}
	}
	return nil
}

// Forget deletes every code and proof of these contacts.
func (s *Service) Forget(ctx context.Context, tx db.Tx, contacts ...Contact) error {
	for _, c := range contacts {
		err := s.q.DeleteVerifications(ctx, tx, dbsqlc.DeleteVerificationsParams{
			Channel: string(c.Channel), Contact: c.Value,
		})
		if err != nil {
			return fmt.Errorf("delete codes: %w", err)
		}
	}
	return nil
}
