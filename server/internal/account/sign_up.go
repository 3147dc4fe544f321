package account

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/contact"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// SignUpInput describes a new account, as the caller wrote it.
type SignUpInput struct {
	Email         string
	Phone         string
	Name          string
	Nickname      string
	Password      secret.Text
	Role          string
	Locale        string
	Verifications []secret.Text
	Client        session.Client
}

// SignUp creates an account and signs its owner in. It refuses with INVALID_FIELDS, PASSWORD_POLICY, VERIFICATION_REQUIRED,
// PROOF_INVALID, EMAIL_TAKEN, PHONE_TAKEN, NICKNAME_TAKEN, TOO_MANY_ATTEMPTS and BUSY. A refusal changes nothing: the proofs stay
// valid.
//
// All cheap checks come before the hash, so that a caller without a proof cannot make the server hash.
func (s *Service) SignUp(ctx context.Context, in SignUpInput) (SignedIn, error) {
	email, phone, wrong := s.rules.readSignUp(in)
	if len(wrong) > 0 {
		return SignedIn{}, invalidOrPolicy(wrong)
	}
	proven, err := s.peekProofs(ctx, in.Verifications)
	if err != nil {
		return SignedIn{}, err
	}
	if err := s.rules.requireProofs(email, phone, proven); err != nil {
		return SignedIn{}, err
	}
	if err := s.chargeDiscovery(ctx, in.Client); err != nil {
		return SignedIn{}, err
	}
	key := nicknameKey(in.Nickname)
	if err := s.refuseTaken(ctx, email, phone, key, proven); err != nil {
		return SignedIn{}, err
	}
	hash, err := s.hash(ctx, in.Password)
	if err != nil {
		return SignedIn{}, err
	}

	var (
		user    dbsqlc.User
		started session.Started
	)
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		// Accounts are locked before proofs, as in every use-case. The new account does not exist yet.
		_, err := s.lockForClaim(ctx, tx, uuid.Nil, slices.Collect(maps.Keys(proven))...)
		if err != nil {
			return err
		}
		if err := s.consumeProofs(ctx, tx, verification.SignUp, in.Verifications); err != nil {
			return err
		}
		user, err = s.q.CreateUser(ctx, tx, dbsqlc.CreateUserParams{
			ID:              uuid.UUID(id.NewUser()),
			Email:           nilIfEmpty(email.String()),
			EmailVerifiedAt: when(proven[verification.EmailContact(email)], tx.Now),
			Phone:           nilIfEmpty(phone.String()),
			PhoneVerifiedAt: when(proven[verification.PhoneContact(phone)], tx.Now),
			Name:            norm.NFC.String(in.Name),
			Nickname:        norm.NFC.String(in.Nickname),
			NicknameKey:     key,
			Role:            in.Role,
			Locale:          in.Locale,
		})
		if err != nil {
			return asDuplicateFault(fmt.Errorf("create the user: %w", err))
		}
		for c := range proven {
			if err := s.claimContact(ctx, tx, c, user.ID, in.Client.RequestID); err != nil {
				return err
			}
		}
		if err := s.q.CreatePassword(ctx, tx, dbsqlc.CreatePasswordParams{UserID: user.ID, Hash: hash}); err != nil {
			return fmt.Errorf("store the password: %w", err)
		}
		started, err = s.admit(ctx, tx, user, evidence{method: session.Password, isNewAccount: true, client: in.Client})
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	return s.signedIn(user, started)
}

// refuseTaken refuses, before the costly work, what the unique indexes would refuse after it. If account discovery is private, it
// reveals that a contact has an account only to a caller who has proven the contact.
func (s *Service) refuseTaken(
	ctx context.Context, email contact.Email, phone contact.Phone, nickname string, proven map[verification.Contact]bool,
) error {
	lookup := dbsqlc.FindDuplicatesParams{NicknameKey: &nickname}
	if s.rules.Discovery == Open || proven[verification.EmailContact(email)] {
		lookup.Email = nilIfEmpty(email.String())
	}
	if s.rules.Discovery == Open || proven[verification.PhoneContact(phone)] {
		lookup.Phone = nilIfEmpty(phone.String())
	}
	taken, err := s.findDuplicates(ctx, lookup)
	if err != nil {
		return err
	}
	return duplicateFault(taken)
}

// peekProofs returns the contacts that are proven.
func (s *Service) peekProofs(ctx context.Context, verifications []secret.Text) (map[verification.Contact]bool, error) {
	proven := make(map[verification.Contact]bool, len(verifications))
	for _, v := range verifications {
		c, err := s.verifications.Peek(ctx, verification.SignUp, v)
		if err != nil {
			return nil, err
		}
		proven[c] = true
	}
	return proven, nil
}

// requireProofs refuses if a proof is missing, or is for a contact that is not part of the sign-up.
func (r Rules) requireProofs(email contact.Email, phone contact.Phone, proven map[verification.Contact]bool) error {
	for c := range proven {
		if c != verification.EmailContact(email) && c != verification.PhoneContact(phone) {
			return fault.New(latchkeyv1.Reason_REASON_PROOF_INVALID)
		}
	}
	missing := fault.New(latchkeyv1.Reason_REASON_VERIFICATION_REQUIRED)
	if r.Email == Verified && !proven[verification.EmailContact(email)] {
		missing.Violations = append(missing.Violations, unproven(emailField))
	}
	if r.Phone == Verified && !proven[verification.PhoneContact(phone)] {
		missing.Violations = append(missing.Violations, unproven(phoneField))
	}
	if len(missing.Violations) > 0 {
		return missing
	}
	return nil
}

func unproven(field string) fault.Violation {
	return fault.Violation{Field: field, Rule: "contact.unproven", Message: "Ask for a code and enter it first."}
}

func when(proven bool, now time.Time) *time.Time {
	if proven {
		return &now
	}
	return nil
}
