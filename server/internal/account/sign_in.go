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
// CREDENTIALS_INVALID, TOO_MANY_ATTEMPTS, BUSY and, only after the right password, ACCOUNT_DISABLED.
//
// The attempt is charged and committed before any look-up, whether or not there is such an account.
//
// No transaction is open while the hash runs, so the stored hash can change meanwhile. A change of the password has to stop this
// sign-in. Another sign-in that has stored a stronger hash must not. The hash is read again, under the lock, to tell the two apart.
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
		// If the server is busy, the stronger hash is left to a later sign-in: a user with the right password is not refused for
		// it.
		if err != nil && !fault.Is(err, latchkeyv1.Reason_REASON_BUSY) {
			return SignedIn{}, err
		}
	}

	var started session.Started
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		// Role and disabled state as they are now, not as they were before the hash.
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

// refuseSignIn records the failure before it answers. It takes the same time if the account does not exist. It records nothing
// for an account that has not proven the contact: the attempt may be that of the contact's owner, who has another account.
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
