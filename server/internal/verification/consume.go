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

// Proof is a used proof.
type Proof struct {
	Contact Contact
	// ID is for the job that deletes it.
	ID uuid.UUID
	// VerifiedAt is when the code was entered.
	VerifiedAt time.Time
}

// Consume uses up a proof and returns the contact that it proves. It refuses with PROOF_INVALID if the proof is unknown, used,
// expired, or for another purpose. If the transaction is rolled back, the proof is valid again.
func (s *Service) Consume(ctx context.Context, tx db.Tx, purpose Purpose, verification secret.Text) (Proof, error) {
	row, err := s.q.ConsumeProof(ctx, tx, dbsqlc.ConsumeProofParams{
		SecretHash: hashSecret(verification), Purpose: string(purpose), Now: tx.Now,
	})
	if db.NotFound(err) {
		return Proof{}, fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	if err != nil {
		return Proof{}, fmt.Errorf("consume a proof: %w", err)
	}
	return Proof{
		Contact: Contact{Channel: Channel(row.Channel), Value: row.Contact}, ID: row.ID, VerifiedAt: *row.VerifiedAt,
	}, nil
}

// Peek returns the contact of a proof without using it up, so that a use-case can refuse before costly work. It refuses like
// Consume. Only Consume decides.
func (s *Service) Peek(ctx context.Context, purpose Purpose, verification secret.Text) (Contact, error) {
	row, err := s.q.FindProof(ctx, s.db, dbsqlc.FindProofParams{
		SecretHash: hashSecret(verification), Purpose: string(purpose), Now: s.db.Clock(),
	})
	if db.NotFound(err) {
		return Contact{}, fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	if err != nil {
		return Contact{}, fmt.Errorf("find a proof: %w", err)
	}
	return Contact{Channel: Channel(row.Channel), Value: row.Contact}, nil
}
