package account_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func TestID01_AChangeAgainstASignUpWithOneAddress(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		address := fmt.Sprintf("wanted%d@example.com", round)
		forChange, forSignUp := b.proof(verification.ChangeContact, email(address)), b.proof(verification.SignUp, email(address))
		outcomes := contest(t, func() error {
			_, err := b.accounts.ChangeContact(t.Context(), m.caller, forChange)
			return err
		}, func() error {
			_, err := b.accounts.SignUp(t.Context(), form(address, fmt.Sprintf("wanted%d", round), forSignUp))
			return err
		})
		counts := tally(outcomes)
		only(t, round, counts, success, latchkeyv1.Reason_REASON_EMAIL_TAKEN, proofInvalid)
		if counts[success] != 1 {
			t.Errorf("round %d: %v", round, outcomes)
		}
		if n := b.count("SELECT count(*) FROM users WHERE email = $1", address); n != 1 {
			t.Errorf("round %d: %d accounts have the address", round, n)
		}
	}
}

func TestID01_ManyAccountsChangeToOneContact(t *testing.T) {
	t.Parallel()

	const people = 6
	b := setup(t, patient)
	var members []member
	for i := range people {
		members = append(members, b.joins(i))
	}
	b.clock.Advance(time.Minute)
	for round := range rounds {
		wanted, taken := email(fmt.Sprintf("wanted%d@example.com", round)), latchkeyv1.Reason_REASON_EMAIL_TAKEN
		column := "email"
		if round%2 == 1 {
			wanted, taken = phone(fmt.Sprintf("+8210%08d", 70000000+round)), latchkeyv1.Reason_REASON_PHONE_TAKEN
			column = "phone"
		}
		var calls []func() error
		for _, m := range members {
			proof := b.proof(verification.ChangeContact, wanted)
			calls = append(calls, func() error {
				_, err := b.accounts.ChangeContact(t.Context(), m.caller, proof)
				return err
			})
		}
		counts := tally(contest(t, calls...))
		only(t, round, counts, success, taken, proofInvalid)
		if counts[success] != 1 {
			t.Errorf("round %d: %v", round, counts)
		}
		if n := b.count("SELECT count(*) FROM users WHERE "+column+" = $1", wanted.Value); n != 1 {
			t.Errorf("round %d: %d accounts have it", round, n)
		}
		b.clock.Advance(time.Minute)
	}
}

// Two users who have entered each other's number, and prove their own at the same moment: each claims from the other, and they
// must not deadlock.
func TestID05_TwoUsersClaimFromEachOther(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		numbers := []string{fmt.Sprintf("+8210%08d", 80000000+round), fmt.Sprintf("+8210%08d", 90000000+round)}
		var callers []account.Caller
		for i := range 2 {
			address := fmt.Sprintf("swap%d-%d@example.com", round, i)
			in := form(address, fmt.Sprintf("swap%d-%d", round, i), b.proof(verification.SignUp, email(address)))
			in.Phone = numbers[1-i]
			callers = append(callers, b.signsUpAs(in))
		}
		var calls []func() error
		for i, caller := range callers {
			proof := b.proof(verification.ChangeContact, phone(numbers[i]))
			calls = append(calls, func() error {
				_, err := b.accounts.ChangeContact(t.Context(), caller, proof)
				return err
			})
		}
		if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 2}, tally(contest(t, calls...))); diff != "" {
			t.Errorf("round %d (-want +got):\n%s", round, diff)
			continue
		}
		for i, caller := range callers {
			if n := b.count("SELECT count(*) FROM users WHERE id = $1 AND phone = $2 AND phone_verified_at IS NOT NULL",
				uuid.UUID(caller.User), numbers[i]); n != 1 {
				t.Errorf("round %d: account %d does not have its own number", round, i)
			}
		}
	}
}
