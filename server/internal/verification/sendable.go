package verification

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Sendable is what a delivery job needs to send a code.
type Sendable struct {
	Purpose   Purpose
	Contact   Contact
	Locale    string
	Code      secret.Text
	ExpiresAt time.Time
}

// Sendable gives the code of a verification while sending it is of use. It returns false once it is not: past its time,
// replaced, verified already, or never to be sent. A retried job gets the same code.
func (s *Service) Sendable(ctx context.Context, verification uuid.UUID) (Sendable, bool, error) {
	row, err := s.q.FindSendableCode(ctx, s.db, dbsqlc.FindSendableCodeParams{ID: verification, Now: s.db.Clock()})
	if db.NotFound(err) {
		return Sendable{}, false, nil
	}
	if err != nil {
		return Sendable{}, false, fmt.Errorf("find the code to send: %w", err)
	}
	return Sendable{
		Purpose:   Purpose(row.Purpose),
		Contact:   Contact{Channel: Channel(row.Channel), Value: row.Contact},
		Locale:    row.Locale,
		Code:      deriveCode(s.key, row.ID),
		ExpiresAt: row.ExpiresAt,
	}, true, nil
}
