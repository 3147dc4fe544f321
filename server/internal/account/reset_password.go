package account

import (
	"context"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// ResetPassword sets a new password by a proof. It ends every session of the account, voids its open codes, and notifies its
// owner. It refuses with PROOF_INVALID, PASSWORD_POLICY and BUSY. A refusal changes nothing: the proof stays valid.
func (s *Service) ResetPassword(ctx context.Context, v, chosen secret.Text, client session.Client) error {
	proven, err := s.verifications.Peek(ctx, verification.ResetPassword, v)
	if err != nil {
		return err
	}
	// Found before the hash, since the policy needs the account. The transaction below looks it up again, and decides.
	holder, err := s.contactOwner(ctx, s.db, proven)
	if err != nil {
		return err
	}
	if wrong := s.rules.newPassword(newPasswordField, chosen, ownIdentifiers(holder)...); len(wrong) > 0 {
		return invalidOrPolicy(wrong)
	}
	hash, err := s.hash(ctx, chosen)
	if err != nil {
		return err
	}
	return s.db.InTx(ctx, func(tx db.Tx) error {
		user, err := s.lockContactOwner(ctx, tx, proven)
		if err != nil {
			return err
		}
		if _, err := s.consumeProof(ctx, tx, verification.ResetPassword, v); err != nil {
			return err
		}
		if user.ID != holder.ID {
			return fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
		}
		if err := s.q.SetPassword(ctx, tx, dbsqlc.SetPasswordParams{UserID: user.ID, Hash: hash}); err != nil {
			return fmt.Errorf("set the password: %w", err)
		}
		return s.passwordChanged(ctx, tx, user, id.Session{}, entryOf(audit.PasswordReset, id.User(user.ID), client))
	})
}
