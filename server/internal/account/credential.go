package account

import (
	"context"
	"errors"
	"fmt"
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

// credential is an account with the hash of its password. For an unknown account the hash is empty. The hasher spends the same
// time on it as on any other.
type credential struct {
	found bool
	// proven means that the account has proven the contact by which it was found.
	proven bool
	user   dbsqlc.User
	hash   string
}

// errPasswordChanged means that the account's password has changed since its hash was verified.
var errPasswordChanged = errors.New("the password's hash has changed since it was verified")

// findCredential returns the account that signs in with a contact: the one that has proven it. If the settings require a contact
// but not its proof, an unproven contact works too, but only with the password.
func (s *Service) findCredential(ctx context.Context, identifier verification.Contact) (credential, error) {
	var (
		user dbsqlc.User
		hash string
		err  error
	)
	if identifier.Channel == verification.Email {
		var row dbsqlc.FindUserByEmailRow
		row, err = s.q.FindUserByEmail(ctx, s.db, dbsqlc.FindUserByEmailParams{
			Email: identifier.Value, Unproven: s.rules.Email == Required,
		})
		user, hash = row.User, row.Hash
	} else {
		var row dbsqlc.FindUserByPhoneRow
		row, err = s.q.FindUserByPhone(ctx, s.db, dbsqlc.FindUserByPhoneParams{
			Phone: identifier.Value, Unproven: s.rules.Phone == Required,
		})
		user, hash = row.User, row.Hash
	}
	if db.NotFound(err) {
		return credential{}, nil
	}
	if err != nil {
		return credential{}, fmt.Errorf("find an account: %w", err)
	}
	return credential{
		found: true, proven: slices.Contains(provenContacts(user), identifier), user: user, hash: hash,
	}, nil
}

// confirmPassword verifies that the caller knows the password, and does not merely hold a valid token. It refuses with
// CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS, SESSION_REVOKED and BUSY.
func (s *Service) confirmPassword(ctx context.Context, caller Caller, current secret.Text) (credential, error) {
	if err := s.limits.Charge(ctx, confirmBudget.Of(caller.User.String())); err != nil {
		return credential{}, err
	}
	row, err := s.q.FindUserWithPassword(ctx, s.db, uuid.UUID(caller.User))
	if db.NotFound(err) {
		return credential{}, fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	if err != nil {
		return credential{}, fmt.Errorf("find the account: %w", err)
	}
	match, err := s.passwords.Verify(ctx, current.Reveal(), row.Hash)
	if err != nil {
		return credential{}, busy(fmt.Errorf("verify a password: %w", err))
	}
	if !match.OK {
		if err := s.audit.RecordFailure(ctx, caller.entry(audit.PasswordRefused), ""); err != nil {
			return credential{}, err
		}
		return credential{}, fault.New(latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	return credential{found: true, user: row.User, hash: row.Hash}, nil
}

// keepPassword locks the verified password until the transaction ends, and returns the account as it is now. If stronger is not
// empty, it replaces the hash.
func (s *Service) keepPassword(ctx context.Context, tx db.Tx, c credential, stronger string) (dbsqlc.User, error) {
	row, err := s.q.LockPasswordHash(ctx, tx, c.user.ID)
	if db.NotFound(err) || err == nil && row.Hash != c.hash {
		return dbsqlc.User{}, errPasswordChanged
	}
	if err != nil {
		return dbsqlc.User{}, fmt.Errorf("lock the password: %w", err)
	}
	if stronger == "" {
		return row.User, nil
	}
	if err := s.q.ReplacePasswordHash(ctx, tx, dbsqlc.ReplacePasswordHashParams{
		UserID: c.user.ID, OldHash: c.hash, NewHash: stronger,
	}); err != nil {
		return dbsqlc.User{}, fmt.Errorf("replace the password hash: %w", err)
	}
	return row.User, nil
}
