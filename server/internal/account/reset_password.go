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
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const newPasswordField = "newPassword"

// ResetPassword sets a new password after a proof made for it. Every session of the account ends, its open codes die, and
// its owner is told. It refuses with PROOF_INVALID, PASSWORD_POLICY and BUSY, and changes nothing when it does: the proof
// stays good.
func (s *Service) ResetPassword(ctx context.Context, v, chosen secret.Text, client session.Client) error {
	proven, err := s.verifications.Peek(ctx, verification.ResetPassword, v)
	if err != nil {
		return err
	}
	// Looked up before the hash, for the policy; the transaction below finds the account once more, and decides.
	holder, err := s.findHolder(ctx, proven)
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
		user, err := s.lockHolder(ctx, tx, proven)
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
		return s.passwordChanged(ctx, tx, user, id.Session{}, audit.Entry{
			User: id.User(user.ID), Event: audit.PasswordReset, IP: client.IP, UserAgent: client.UserAgent,
		})
	})
}

func (s *Service) findHolder(ctx context.Context, c verification.Contact) (dbsqlc.User, error) {
	user, held, err := s.findProvenHolder(ctx, c)
	if err == nil && !held {
		return user, fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	return user, err
}

// passwordChanged does what every new password brings with it: all sessions end but the one to keep, if there is one, the
// codes and proofs that would give access die, and the owner is told wherever we can reach them: for the last time on the
// devices whose sessions end.
func (s *Service) passwordChanged(ctx context.Context, tx db.Tx, user dbsqlc.User, keep id.Session, entry audit.Entry) error {
	n := notify.Notice{Kind: notify.PasswordChanged}
	if err := s.tellLeaving(ctx, tx, user, keep, n); err != nil {
		return err
	}
	if err := s.sessions.EndOthers(ctx, tx, id.User(user.ID), keep); err != nil {
		return err
	}
	if err := s.q.SecureUser(ctx, tx, dbsqlc.SecureUserParams{ID: user.ID, Now: tx.Now}); err != nil {
		return fmt.Errorf("secure the account: %w", err)
	}
	if err := s.verifications.Void(ctx, tx, provenContacts(user)...); err != nil {
		return err
	}
	if err := s.audit.Record(ctx, tx, entry); err != nil {
		return err
	}
	if _, err := s.tellDevices(ctx, tx, user, n); err != nil {
		return err
	}
	_, err := s.tell(ctx, tx, user, n, provenContacts(user)...)
	return err
}

// ownIdentifiers are what a password must not hold.
func ownIdentifiers(user dbsqlc.User) []string {
	own := []string{user.Name, user.Nickname}
	for _, c := range []*string{user.Email, user.Phone} {
		if c != nil {
			own = append(own, *c)
		}
	}
	return own
}
