package account

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// consumeProof uses up a proof, and queues its deletion.
func (s *Service) consumeProof(
	ctx context.Context, tx db.Tx, purpose verification.Purpose, v secret.Text,
) (verification.Proof, error) {
	proof, err := s.verifications.Consume(ctx, tx, purpose, v)
	if err != nil {
		return verification.Proof{}, err
	}
	return proof, cleanup.Proofs(ctx, s.jobs, tx, []uuid.UUID{proof.ID})
}

func (s *Service) consumeProofs(
	ctx context.Context, tx db.Tx, purpose verification.Purpose, verifications []secret.Text,
) error {
	var used []uuid.UUID
	for _, v := range inOneOrder(verifications) {
		proof, err := s.verifications.Consume(ctx, tx, purpose, v)
		if err != nil {
			return err
		}
		used = append(used, proof.ID)
	}
	return cleanup.Proofs(ctx, s.jobs, tx, used)
}

// inOneOrder sorts proofs, so that two calls that name the same proofs in different orders cannot deadlock.
func inOneOrder(proofs []secret.Text) []secret.Text {
	return slices.SortedFunc(slices.Values(proofs), func(a, b secret.Text) int { return strings.Compare(a.Reveal(), b.Reveal()) })
}

// provenContacts returns the contacts that an account has proven.
func provenContacts(user dbsqlc.User) []verification.Contact {
	var contacts []verification.Contact
	if user.EmailVerifiedAt != nil {
		contacts = append(contacts, verification.Contact{Channel: verification.Email, Value: *user.Email})
	}
	if user.PhoneVerifiedAt != nil {
		contacts = append(contacts, verification.Contact{Channel: verification.Phone, Value: *user.Phone})
	}
	return contacts
}
