package account

import (
	"context"
	"errors"
	"fmt"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// SignInInput is an identifier and a password.
type SignInInput struct {
	ContactInput
	Password secret.Text
	Client   session.Client
}

// SignIn exchanges an e-mail address or phone number and the password for a session. It refuses with INVALID_FIELDS,
// CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS, BUSY, and, only after a right password, ACCOUNT_DISABLED.
//
// The try is charged and committed before anything is looked up, whether there is such an account or not.
//
// No transaction is open while the hash runs, so the stored hash can change meanwhile: by a change of the password, which
// has to stop this sign-in, or by another sign-in that has put a stronger hash in place, which must not. Looking once
// more tells the two apart.
func (s *Service) SignIn(ctx context.Context, in SignInInput) (SignedIn, error) {
	identifier, wrong := s.rules.identifier(in.ContactInput)
	if len(wrong) > 0 {
		return SignedIn{}, fault.Invalid(wrong...)
	}
	network := ratelimit.Network(in.Client.IP)
	tries := signInBudget.Of(string(identifier.Channel), identifier.Value, network)
	if err := s.limits.Charge(ctx, signInNetworkBudget.Of(network), tries); err != nil {
		return SignedIn{}, err
	}
	signedIn, err := s.signInOnce(ctx, identifier, in, tries)
	if errors.Is(err, errPasswordChanged) {
		signedIn, err = s.signInOnce(ctx, identifier, in, tries)
	}
	if errors.Is(err, errPasswordChanged) {
		return SignedIn{}, fault.New(latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	return signedIn, err
}

func (s *Service) signInOnce(
	ctx context.Context, identifier verification.Contact, in SignInInput, tries ratelimit.Charge,
) (SignedIn, error) {
	found, err := s.findCredential(ctx, identifier)
	if err != nil {
		return SignedIn{}, err
	}
	match, err := s.passwords.Verify(ctx, in.Password.Reveal(), found.hash)
	if err != nil {
		return SignedIn{}, busy(fmt.Errorf("verify a password: %w", err))
	}
	if !found.found || !match.OK {
		return SignedIn{}, s.refuseSignIn(ctx, identifier, found, in.Client, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	if found.user.DisabledAt != nil {
		return SignedIn{}, s.refuseSignIn(ctx, identifier, found, in.Client, latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
	}
	var stronger string
	if match.Stale {
		stronger, err = s.hash(ctx, in.Password)
		// A busy server puts the stronger hash off; it does not send somebody away who knows the password.
		if err != nil && !fault.Is(err, latchkeyv1.Reason_REASON_BUSY) {
			return SignedIn{}, err
		}
	}

	var started session.Started
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		// Role and lock-out as they are now, not as they were before the hash.
		user, err := s.keepPassword(ctx, tx, found, stronger)
		if err != nil {
			return err
		}
		found.user = user
		if err := s.limits.Clear(ctx, tx, tries); err != nil {
			return err
		}
		started, err = s.admit(ctx, tx, user, evidence{method: session.Password, client: in.Client})
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	return s.signedIn(found.user, started)
}

// refuseSignIn notes the failure before it is answered. For an account that does not exist, that costs the same time. Of tries
// by a contact that the account has not proven nothing is noted: they may be its owner's, who has another account.
func (s *Service) refuseSignIn(
	ctx context.Context, tried verification.Contact, c credential, client session.Client, reason latchkeyv1.Reason,
) error {
	entry := audit.Entry{
		Event: audit.SignInFailed, Actor: audit.Anonymous, IP: client.IP, UserAgent: client.UserAgent, RequestID: client.RequestID,
	}
	if c.proven {
		entry.User = id.User(c.user.ID)
	}
	if err := s.audit.RecordFailure(ctx, entry, string(tried.Channel)+":"+tried.Value); err != nil {
		return err
	}
	return fault.New(reason)
}
