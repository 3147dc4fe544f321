package verification

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// State tells whether a code is to be sent, and why not.
type State string

// The states.
const (
	// Wanted codes are to be sent.
	Wanted State = "wanted"
	// Gone is a verification that is not there any more.
	Gone State = "gone"
	// Replaced codes have a newer one after them.
	Replaced State = "replaced"
	// Used codes were entered already, so that they must have arrived.
	Used State = "used"
	// Ended codes are past their time.
	Ended State = "ended"
	// Withheld codes are never sent, and nobody may notice.
	Withheld State = "withheld"
	// Fixed codes are known to whoever they are for.
	Fixed State = "fixed"
)

// Sendable is what a delivery job needs to send a code.
type Sendable struct {
	Purpose Purpose
	Contact Contact
	Locale  string
	// Code is empty unless the code is to be sent.
	Code      secret.Text
	ExpiresAt time.Time
}

// Sendable gives the code of a verification while it is to be sent. A retried job gets the same code.
func (s *Service) Sendable(ctx context.Context, verification uuid.UUID) (Sendable, State, error) {
	row, err := s.q.FindCodeToSend(ctx, s.db, verification)
	if db.NotFound(err) {
		return Sendable{}, Gone, nil
	}
	if err != nil {
		return Sendable{}, "", fmt.Errorf("find the code to send: %w", err)
	}
	found := Sendable{
		Purpose:   Purpose(row.Purpose),
		Contact:   Contact{Channel: Channel(row.Channel), Value: row.Contact},
		Locale:    row.Locale,
		ExpiresAt: row.ExpiresAt,
	}
	now := s.db.Clock()
	switch {
	case row.VerifiedAt != nil:
		return found, Used, nil
	case row.ReplacedAt != nil:
		return found, Replaced, nil
	case !now.Before(row.ExpiresAt):
		return found, Ended, nil
	case row.Withheld:
		return found, Withheld, nil
	}
	if _, fixed := s.cfg.Fixed.code(found.Contact, now); fixed {
		return found, Fixed, nil
	}
	found.Code = deriveCode(s.key, row.ID)
	return found, Wanted, nil
}

// ReturnSend takes a send whose code nobody was sent, for the provider's fault, out of the budget of its contact. The wait
// before the next one stays, and returning it twice does no more than once.
func (s *Service) ReturnSend(ctx context.Context, verification uuid.UUID) error {
	if _, err := s.q.ReturnSend(ctx, s.db, dbsqlc.ReturnSendParams{
		ID: verification, CodeTtl: interval(s.cfg.CodeTTL), ResendWait: interval(s.cfg.ResendWait),
	}); err != nil {
		return fmt.Errorf("return a send: %w", err)
	}
	return nil
}

func interval(d time.Duration) pgtype.Interval {
	return pgtype.Interval{Microseconds: d.Microseconds(), Valid: true}
}
