package account_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const (
	proofInvalid   = latchkeyv1.Reason_REASON_PROOF_INVALID
	sessionRevoked = latchkeyv1.Reason_REASON_SESSION_REVOKED
	codeSpent      = latchkeyv1.Reason_REASON_CODE_SPENT

	// rounds is how often each race is run, since errors are rare.
	rounds = 5
)

type purposeOfCode = latchkeyv1.Purpose

// reasonOf returns the reason of an error on the wire.
func reasonOf(err error) latchkeyv1.Reason { return latchkeytest.Detail(err).GetReason() }

func refusedByPhone(env *latchkeytest.Env, number, password string) {
	env.T.Helper()
	_, err := env.Auth.SignIn(env.T.Context(), &latchkeyv1.SignInRequest{
		Identifier: &latchkeyv1.SignInRequest_Phone{Phone: number}, Password: password,
	})
	env.Refused(err, credentialsInvalid)
}

func phone(number string) verification.Contact {
	return verification.Contact{Channel: verification.Phone, Value: number}
}

// member is an account of a race.
type member struct {
	address, number string
	caller          account.Caller
}

// joins creates an account with a proven address and a proven number, which differ from round to round.
func (b *bundle) joins(i int) member {
	b.t.Helper()
	m := member{address: fmt.Sprintf("member%d@example.com", i), number: fmt.Sprintf("+8210%08d", 30000000+i)}
	in := form(m.address, fmt.Sprintf("member%d", i), b.proof(verification.SignUp, email(m.address)), b.proof(verification.SignUp, phone(m.number)))
	in.Phone = m.number
	m.caller = b.signsUpAs(in)
	return m
}

// signsUpAs creates an account, and returns its caller a moment later, so that later proofs are newer than the account.
func (b *bundle) signsUpAs(in account.SignUpInput) account.Caller {
	b.t.Helper()
	signedIn, err := b.accounts.SignUp(b.t.Context(), in)
	if err != nil {
		b.t.Fatal(err)
	}
	var of uuid.UUID
	if err := b.db.QueryRow(b.t.Context(), "SELECT id FROM sessions WHERE user_id = $1", signedIn.User.ID).Scan(&of); err != nil {
		b.t.Fatal(err)
	}
	b.clock.Advance(2 * time.Second)
	return account.Caller{User: id.User(signedIn.User.ID), Session: id.Session(of)}
}

// only sees that a race came to nothing else than these outcomes.
func only(t *testing.T, round int, got map[latchkeyv1.Reason]int, allowed ...latchkeyv1.Reason) {
	t.Helper()
	for reason := range got {
		if !slices.Contains(allowed, reason) {
			t.Errorf("round %d: %v", round, got)
			return
		}
	}
}

// contest runs the calls concurrently and returns the outcome of each.
func contest(t *testing.T, calls ...func() error) []latchkeyv1.Reason {
	t.Helper()
	errs := make([]error, len(calls))
	together(t, len(calls), func(i int) error {
		errs[i] = calls[i]()
		return errs[i]
	})
	outcomes := make([]latchkeyv1.Reason, len(calls))
	for i, err := range errs {
		var refusal *fault.Error
		switch {
		case errors.As(err, &refusal):
			outcomes[i] = refusal.Reason
		case err != nil:
			outcomes[i] = latchkeyv1.Reason_REASON_INTERNAL
		}
	}
	return outcomes
}

func tally(outcomes []latchkeyv1.Reason) map[latchkeyv1.Reason]int {
	counts := map[latchkeyv1.Reason]int{}
	for _, outcome := range outcomes {
		counts[outcome]++
	}
	return counts
}

// opens returns which of the passwords opens an account.
func (b *bundle) opens(address string, passwords ...string) []string {
	b.t.Helper()
	var open []string
	for _, password := range passwords {
		_, err := b.accounts.SignIn(b.t.Context(), credentials(address, password))
		switch got := reason(b.t, err); got {
		case success:
			open = append(open, password)
		case credentialsInvalid:
		default:
			b.t.Errorf("signing in: %v", got)
		}
	}
	return open
}
