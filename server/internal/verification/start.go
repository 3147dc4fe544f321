package verification

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// StartInput describes the verification to start.
type StartInput struct {
	Purpose Purpose
	Contact Contact
	// Locale is the language of the message: "ko" or "en".
	Locale string
	// Withheld creates a verification whose code is never sent, so that the caller cannot tell that there is no account.
	Withheld bool
}

// Started is a new verification.
type Started struct {
	// Secret is for the caller only.
	Secret secret.Text
	// ID is for the job that delivers the code.
	ID        uuid.UUID
	ExpiresAt time.Time
	// ResendAt is when the next code can be requested.
	ResendAt time.Time
}

// Start creates a code and voids the previous one. It refuses with TOO_MANY_SENDS during the wait after the last one. The caller
// queues the delivery in the same transaction.
func (s *Service) Start(ctx context.Context, tx db.Tx, in StartInput) (Started, error) {
	purpose, channel, value := string(in.Purpose), string(in.Contact.Channel), in.Contact.Value

	// An attempt locks its code before it charges the contact's budget. With the opposite order here, the two calls could
	// deadlock.
	if err := s.q.LockLiveVerification(ctx, tx, dbsqlc.LockLiveVerificationParams{
		Purpose: purpose, Channel: channel, Contact: value,
	}); err != nil {
		return Started{}, fmt.Errorf("lock the live code: %w", err)
	}
	// The lock on this row serializes concurrent sends to one contact.
	resendAt, err := s.q.TakeSendSlot(ctx, tx, dbsqlc.TakeSendSlotParams{
		Purpose: purpose, Channel: channel, Contact: value,
		Now: tx.Now, AfterWait: tx.Now.Add(s.cfg.ResendWait),
	})
	if db.NotFound(err) {
		return Started{}, s.tooSoon(ctx, tx, in)
	}
	if err != nil {
		return Started{}, fmt.Errorf("take a send slot: %w", err)
	}

	if err := s.q.ReplaceVerification(ctx, tx, dbsqlc.ReplaceVerificationParams{
		Now: tx.Now, Purpose: purpose, Channel: channel, Contact: value,
	}); err != nil {
		return Started{}, fmt.Errorf("void the earlier code: %w", err)
	}

	started := Started{
		Secret:    newSecret(),
		ID:        uuid.New(),
		ExpiresAt: tx.Now.Add(s.cfg.CodeTTL),
		ResendAt:  resendAt,
	}
	if err := s.q.CreateVerification(ctx, tx, dbsqlc.CreateVerificationParams{
		ID:         started.ID,
		SecretHash: hashSecret(started.Secret),
		Purpose:    purpose,
		Channel:    channel,
		Contact:    value,
		Locale:     in.Locale,
		Withheld:   in.Withheld,
		ExpiresAt:  started.ExpiresAt,
	}); err != nil {
		return Started{}, fmt.Errorf("create a verification: %w", err)
	}
	return started, nil
}

func (s *Service) tooSoon(ctx context.Context, tx db.Tx, in StartInput) error {
	next, err := s.q.GetNextSend(ctx, tx, dbsqlc.GetNextSendParams{
		Purpose: string(in.Purpose), Channel: string(in.Contact.Channel), Contact: in.Contact.Value,
	})
	if err != nil {
		return fmt.Errorf("read the next send: %w", err)
	}
	return fault.RetryAfter(latchkeyv1.Reason_REASON_TOO_MANY_SENDS, next.Sub(tx.Now))
}
