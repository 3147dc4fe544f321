package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// SignInWithCode exchanges a proof, made for signing in, for a session of the account that has proven the contact. It refuses
// with PROOF_INVALID, ACCOUNT_DISABLED and TOO_MANY_ATTEMPTS.
func (s *Service) SignInWithCode(ctx context.Context, v secret.Text, client session.Client) (SignedIn, error) {
	proven, err := s.verifications.Peek(ctx, verification.SignIn, v)
	if err != nil {
		return SignedIn{}, err
	}
	var (
		user    dbsqlc.User
		started session.Started
	)
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		var err error
		if user, err = s.lockContactOwner(ctx, tx, proven); err != nil {
			return err
		}
		if _, err := s.consumeProof(ctx, tx, verification.SignIn, v); err != nil {
			return err
		}
		started, err = s.admit(ctx, tx, user, evidence{method: session.Code, client: client})
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	return s.signedIn(user, started)
}
