package account

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Reauthenticate verifies the caller's identity again, by the password, and makes the session recent. It refuses with
// CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) Reauthenticate(ctx context.Context, caller Caller, current secret.Text) error {
	found, err := s.confirmPassword(ctx, caller, current)
	if err != nil {
		return err
	}
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		if _, err := s.keepPassword(ctx, tx, found, ""); err != nil {
			return err
		}
		return s.reauthenticate(ctx, tx, caller)
	})
	if errors.Is(err, errPasswordChanged) {
		return fault.New(latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	return err
}

// ReauthenticateWithCode verifies the caller's identity again, by a proof of a contact that the account has proven. It refuses
// with PROOF_INVALID, TOO_MANY_ATTEMPTS and SESSION_REVOKED.
func (s *Service) ReauthenticateWithCode(ctx context.Context, caller Caller, v secret.Text) error {
	return s.asOwner(ctx, caller, func(tx db.Tx, user dbsqlc.User) error {
		proof, err := s.consumeProof(ctx, tx, verification.Reauthenticate, v)
		if err != nil {
			return err
		}
		// A proof from before the account was secured may belong to the person against whom it was secured.
		if !slices.Contains(provenContacts(user), proof.Contact) || proof.VerifiedAt.Before(user.SecuredAt) {
			return fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
		}
		return s.reauthenticate(ctx, tx, caller)
	})
}

// reauthenticate sets the session's authentication time to now, whatever the kind of evidence. The caller holds the lock on the
// user's row.
func (s *Service) reauthenticate(ctx context.Context, tx db.Tx, caller Caller) error {
	// Bounds the entries and row versions that a loop can write.
	if err := s.limits.ChargeTx(ctx, tx, sessionBudget.Of(uuid.UUID(caller.User).String())); err != nil {
		return err
	}
	if err := s.sessions.Reauthenticate(ctx, tx, caller.User, caller.Session); err != nil {
		return err
	}
	return audit.Record(ctx, tx, caller.entry(audit.Reauthenticated))
}
