package account

import (
	"context"
	"fmt"
	"slices"
	"strings"
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

// SignUpInput is a new account as the caller wrote it.
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

// SignedIn is an account whose owner has just signed in.
type SignedIn struct {
	User   dbsqlc.User
	Tokens session.Tokens
}

// SignUp makes an account and signs its owner in. It refuses with INVALID_FIELDS, PASSWORD_POLICY, VERIFICATION_REQUIRED,
// PROOF_INVALID, EMAIL_TAKEN, PHONE_TAKEN, NICKNAME_TAKEN and BUSY, and changes nothing when it does: the proofs stay good.
//
// Everything cheap comes before the hash, proofs above all, so that nobody without one can make the server hash.
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
	key := nicknameKey(in.Nickname)
	taken, err := s.findTaken(ctx, dbsqlc.FindTakenParams{
		Email: given(email.String()), Phone: given(phone.String()), NicknameKey: &key,
	})
	if err != nil {
		return SignedIn{}, err
	}
	if err := takenFault(taken); err != nil {
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
		for _, v := range inOneOrder(in.Verifications) {
			if _, err := s.verifications.Consume(ctx, tx, verification.SignUp, v); err != nil {
				return err
			}
		}
		var err error
		user, err = s.q.CreateUser(ctx, tx, dbsqlc.CreateUserParams{
			ID:              uuid.UUID(id.NewUser()),
			Email:           given(email.String()),
			EmailVerifiedAt: when(proven[verification.EmailContact(email)], tx.Now),
			Phone:           given(phone.String()),
			PhoneVerifiedAt: when(proven[verification.PhoneContact(phone)], tx.Now),
			Name:            norm.NFC.String(in.Name),
			Nickname:        norm.NFC.String(in.Nickname),
			NicknameKey:     key,
			Role:            in.Role,
			Locale:          in.Locale,
		})
		if err != nil {
			return asTaken(fmt.Errorf("create the user: %w", err))
		}
		if err := s.q.CreatePassword(ctx, tx, dbsqlc.CreatePasswordParams{UserID: user.ID, Hash: hash}); err != nil {
			return fmt.Errorf("store the password: %w", err)
		}
		started, err = s.sessions.Start(ctx, tx, session.StartInput{
			User: id.User(user.ID), Role: user.Role, AMR: []string{session.Password}, Client: in.Client,
		})
		return err
	})
	if err != nil {
		return SignedIn{}, err
	}
	tokens, err := s.sessions.Tokens(started)
	return SignedIn{User: user, Tokens: tokens}, err
}

// peekProofs tells which contacts are proven.
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

// inOneOrder keeps two calls with the same proofs, named in different orders, from waiting for each other in a circle.
func inOneOrder(proofs []secret.Text) []secret.Text {
	return slices.SortedFunc(slices.Values(proofs), func(a, b secret.Text) int { return strings.Compare(a.Reveal(), b.Reveal()) })
}

// requireProofs refuses when a proof is missing, or proves something that is not being signed up.
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
