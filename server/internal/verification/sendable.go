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

// State is whether a code is to be sent, and if not, why.
type State string

// The states.
const (
	// Wanted codes are to be sent.
	Wanted State = "wanted"
	// Gone means that the verification does not exist any more.
	Gone State = "gone"
	// Replaced codes were followed by a newer one.
	Replaced State = "replaced"
	// Used codes were entered already, so they have arrived.
	Used State = "used"
	// Ended codes have expired.
	Ended State = "ended"
	// Withheld codes are never sent. Nothing else about them may differ from other codes.
	Withheld State = "withheld"
	// Fixed codes are known to their users without a message.
	Fixed State = "fixed"
)

// Sendable holds what a delivery job needs to send a code.
type Sendable struct {
	Purpose Purpose
	Contact Contact
	Locale  string
	// Code is empty unless the code is to be sent.
	Code      secret.Text
	ExpiresAt time.Time
}

// Sendable returns the code of a verification, if it is to be sent. A retried job gets the same code.
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

// ReturnSend returns a send to the budget of its contact, if the code was not sent because of a provider. The wait before the
// next send stays. Calling it twice has no further effect.
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
