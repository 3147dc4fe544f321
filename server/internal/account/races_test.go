package account_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const (
	proofInvalid   = latchkeyv1.Reason_REASON_PROOF_INVALID
	sessionRevoked = latchkeyv1.Reason_REASON_SESSION_REVOKED
	codeSpent      = latchkeyv1.Reason_REASON_CODE_SPENT

	// rounds is how often each race is run: what goes wrong does so rarely.
	rounds = 12
)

type purposeOfCode = latchkeyv1.Purpose

// reasonOf tells why a call over the wire was refused.
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

// proofFor proves a contact for any purpose. As with proof, the next one can be had at once, and the earlier ones stay good.
func (b *bundle) proofFor(purpose verification.Purpose, contact verification.Contact) secret.Text {
	b.t.Helper()
	ctx := b.t.Context()
	var started verification.Started
	if err := b.db.InTx(ctx, func(tx db.Tx) (err error) {
		started, err = b.verifications.Start(ctx, tx, verification.StartInput{Purpose: purpose, Contact: contact, Locale: "en"})
		return err
	}); err != nil {
		b.t.Fatal(err)
	}
	sendable, _, err := b.verifications.Sendable(ctx, started.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.verifications.Check(ctx, started.Secret, sendable.Code); err != nil {
		b.t.Fatal(err)
	}
	for _, statement := range []string{
		"UPDATE verifications SET consumed_at = NULL WHERE purpose = $1 AND channel = $2 AND contact = $3",
		"DELETE FROM code_budgets WHERE purpose = $1 AND channel = $2 AND contact = $3",
	} {
		if _, err := b.db.Exec(ctx, statement, string(purpose), string(contact.Channel), contact.Value); err != nil {
			b.t.Fatal(err)
		}
	}
	return started.Secret
}

// member is an account of a race.
type member struct {
	address, number string
	caller          account.Caller
}

// joins makes an account with a proven address and a proven number, which differ from round to round.
func (b *bundle) joins(i int) member {
	b.t.Helper()
	m := member{address: fmt.Sprintf("member%d@example.com", i), number: fmt.Sprintf("+8210%08d", 30000000+i)}
	in := form(m.address, fmt.Sprintf("member%d", i), b.proof(email(m.address)), b.proof(phone(m.number)))
	in.Phone = m.number
	m.caller = b.signsUpAs(in)
	return m
}

// signsUpAs makes an account, and gives its owner as a caller a moment later: so it is clear that the proofs to come are
// newer than the account.
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

// contest runs the calls at once and gives the outcome of each.
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

// opens tells which of the passwords opens an account.
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

func TestPW08_AResetAgainstSigningInWithACode(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		reset := b.proofFor(verification.ResetPassword, email(m.address))
		var calls []func() error
		calls = append(calls, func() error {
			return b.accounts.ResetPassword(t.Context(), reset, secret.NewText("Another-horse2"), session.Client{})
		})
		for _, contact := range []verification.Contact{email(m.address), phone(m.number), email(m.address), phone(m.number)} {
			proof := b.proofFor(verification.SignIn, contact)
			calls = append(calls, func() error {
				_, err := b.accounts.SignInWithCode(t.Context(), proof, session.Client{})
				return err
			})
		}
		outcomes := contest(t, calls...)
		if outcomes[0] != success {
			t.Errorf("round %d: the reset: %v", round, outcomes[0])
			continue
		}
		only(t, round, tally(outcomes), success, proofInvalid)
		// Who was faster than the reset has lost the session, and who was slower has lost the proof.
		if n := b.count("SELECT count(*) FROM sessions WHERE user_id = $1", uuid.UUID(m.caller.User)); n != 0 {
			t.Errorf("round %d: after the reset there are %d sessions: %v", round, n, outcomes)
		}
	}
}

func TestRC02_TwoResetsOfOneAccountAtOnce(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		proofs := []secret.Text{
			b.proofFor(verification.ResetPassword, email(m.address)), b.proofFor(verification.ResetPassword, phone(m.number)),
		}
		chosen := []string{"Horse-number1", "Horse-number2"}
		outcomes := contest(t, func() error {
			return b.accounts.ResetPassword(t.Context(), proofs[0], secret.NewText(chosen[0]), session.Client{})
		}, func() error {
			return b.accounts.ResetPassword(t.Context(), proofs[1], secret.NewText(chosen[1]), session.Client{})
		})
		if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 1, proofInvalid: 1}, tally(outcomes)); diff != "" {
			t.Errorf("round %d (-want +got):\n%s", round, diff)
			continue
		}
		if diff := cmp.Diff([]string{chosen[slices.Index(outcomes, success)]}, b.opens(m.address, chosen...)); diff != "" {
			t.Errorf("round %d: what opens the account (-want +got):\n%s", round, diff)
		}
	}
}

func TestPW08_AChangeOfThePasswordAgainstAReset(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		proof := b.proofFor(verification.ResetPassword, []verification.Contact{email(m.address), phone(m.number)}[round%2])
		chosen := []string{"Horse-number1", "Horse-number2"}
		outcomes := contest(t, func() error {
			return b.accounts.ChangePassword(t.Context(), m.caller, secret.NewText(goodPassword), secret.NewText(chosen[0]))
		}, func() error {
			return b.accounts.ResetPassword(t.Context(), proof, secret.NewText(chosen[1]), session.Client{})
		})
		counts := tally(outcomes)
		only(t, round, counts, success, credentialsInvalid, sessionRevoked, proofInvalid)
		// The reset kills the password that was confirmed; the change kills the proof.
		if counts[success] != 1 {
			t.Errorf("round %d: %v", round, outcomes)
			continue
		}
		if diff := cmp.Diff([]string{chosen[slices.Index(outcomes, success)]}, b.opens(m.address, append(chosen, goodPassword)...)); diff != "" {
			t.Errorf("round %d: what opens the account (-want +got):\n%s", round, diff)
		}
	}
}

func TestID09_AChangeOfThePasswordAgainstADeletion(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		change := func() error {
			return b.accounts.ChangePassword(t.Context(), m.caller, secret.NewText(goodPassword), secret.NewText("Another-horse2"))
		}
		remove := func() error { return b.accounts.DeleteAccount(t.Context(), m.caller, secret.NewText(goodPassword)) }
		outcomes := contest(t, change, remove, change, remove)
		counts := tally(outcomes)
		only(t, round, counts, success, credentialsInvalid, sessionRevoked)
		if counts[success] != 1 {
			t.Errorf("round %d: %v", round, outcomes)
			continue
		}
		left := 1
		if outcomes[1] == success || outcomes[3] == success {
			left = 0
		}
		for table, query := range map[string]string{
			"accounts":   "SELECT count(*) FROM users WHERE id = $1",
			"passwords":  "SELECT count(*) FROM passwords WHERE user_id = $1",
			"activities": "SELECT least(1, count(*)) FROM activity WHERE user_id = $1",
		} {
			if n := b.count(query, uuid.UUID(m.caller.User)); n != left {
				t.Errorf("round %d: %v leave %d %s", round, outcomes, n, table)
			}
		}
	}
}

func TestOT08_SendingAgainAgainstEnteringTheCode(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		address := fmt.Sprintf("again%d@example.com", round)
		in := account.SendCodeInput{
			Purpose: verification.SignUp, ContactInput: account.ContactInput{Email: address}, Locale: "en",
		}
		first, err := b.accounts.SendCode(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		sendable, _, err := b.verifications.Sendable(t.Context(), first.ID)
		if err != nil {
			t.Fatal(err)
		}
		b.clock.Advance(2 * time.Minute)
		again := func() error {
			_, err := b.accounts.SendCode(t.Context(), in)
			return err
		}
		enter := func() error {
			_, err := b.verifications.Check(t.Context(), first.Secret, sendable.Code)
			return err
		}
		outcomes := contest(t, again, enter, again, enter, again, enter)
		sends, entries := map[latchkeyv1.Reason]int{}, map[latchkeyv1.Reason]int{}
		for i, outcome := range outcomes {
			if i%2 == 0 {
				sends[outcome]++
			} else {
				entries[outcome]++
			}
		}
		if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 1, tooManySends: 2}, sends); diff != "" {
			t.Errorf("round %d: sends (-want +got):\n%s", round, diff)
		}
		only(t, round, entries, success, codeSpent)
		if entries[success] > 1 {
			t.Errorf("round %d: one code was right %d times", round, entries[success])
		}
		// Whoever won, one code is alive; and a proof that was given is good.
		if n := b.count(`SELECT count(*) FROM verifications
			WHERE contact = $1 AND replaced_at IS NULL AND verified_at IS NULL`, address); n != 1 {
			t.Errorf("round %d: %d codes are alive", round, n)
		}
		if _, err := b.verifications.Peek(t.Context(), verification.SignUp, first.Secret); (err == nil) != (entries[success] == 1) {
			t.Errorf("round %d: entries %v, and the proof: %v", round, entries, err)
		}
	}
}

func TestID08_AWrongPasswordAgainstADeletion(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		calls := []func() error{
			func() error { return b.accounts.DeleteAccount(t.Context(), m.caller, secret.NewText(goodPassword)) },
		}
		for range 6 {
			calls = append(calls, func() error {
				_, err := b.accounts.SignIn(t.Context(), credentials(m.address, "Wrong-horse1"))
				return err
			})
		}
		if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 1, credentialsInvalid: 6}, tally(contest(t, calls...))); diff != "" {
			t.Errorf("round %d (-want +got):\n%s", round, diff)
		}
	}
}

// The same without chance: the deletion is not committed yet when the failure is noted.
func TestID08_AWrongPasswordWhileTheAccountIsBeingDeleted(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	m := b.joins(0)
	ctx := t.Context()
	for name, call := range map[string]func() error{
		"SignIn": func() error {
			_, err := b.accounts.SignIn(ctx, credentials(m.address, "Wrong-horse1"))
			return err
		},
		"ChangePassword": func() error {
			return b.accounts.ChangePassword(ctx, m.caller, secret.NewText("Wrong-horse1"), secret.NewText("Another-horse2"))
		},
	} {
		outcome := make(chan error, 1)
		if err := b.db.InTx(ctx, func(tx db.Tx) error {
			if _, err := tx.Exec(ctx, "DELETE FROM users WHERE id = $1", uuid.UUID(m.caller.User)); err != nil {
				return err
			}
			go func() { outcome <- call() }()
			b.awaitLockOr(outcome)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if got := reason(t, <-outcome); got != credentialsInvalid && got != sessionRevoked {
			t.Errorf("%s: %v", name, got)
		}
		m = b.joins(1)
	}
}

// awaitLockOr waits until a statement waits for a lock, or the call has come to its end without one.
func (b *bundle) awaitLockOr(outcome chan error) {
	b.t.Helper()
	timeout := time.NewTimer(20 * time.Second)
	defer timeout.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for len(outcome) == 0 &&
		b.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0 {
		select {
		case <-again.C:
		case <-timeout.C:
			b.t.Fatal("the call neither ends nor waits")
		}
	}
}

func TestID01_AChangeAgainstASignUpWithOneAddress(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		address := fmt.Sprintf("wanted%d@example.com", round)
		forChange, forSignUp := b.proofFor(verification.ChangeContact, email(address)), b.proof(email(address))
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
			proof := b.proofFor(verification.ChangeContact, wanted)
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

// Two who have noted down each other's number, and prove what is theirs at the same moment: each takes from the other, and
// they must not wait for each other in a circle.
func TestID05_TwoTakeOverFromEachOther(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		numbers := []string{fmt.Sprintf("+8210%08d", 80000000+round), fmt.Sprintf("+8210%08d", 90000000+round)}
		var callers []account.Caller
		for i := range 2 {
			address := fmt.Sprintf("swap%d-%d@example.com", round, i)
			in := form(address, fmt.Sprintf("swap%d-%d", round, i), b.proof(email(address)))
			in.Phone = numbers[1-i]
			callers = append(callers, b.signsUpAs(in))
		}
		var calls []func() error
		for i, caller := range callers {
			proof := b.proofFor(verification.ChangeContact, phone(numbers[i]))
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

// Everything that sets or needs a password of one account, at once.
func TestPW08_EverythingAtOnce(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		calls := map[string]func() error{}
		for name, contact := range map[string]verification.Contact{"mail": email(m.address), "phone": phone(m.number)} {
			reset, code := b.proofFor(verification.ResetPassword, contact), b.proofFor(verification.SignIn, contact)
			calls["reset by "+name] = func() error {
				return b.accounts.ResetPassword(t.Context(), reset, secret.NewText("Horse-number1"), session.Client{})
			}
			calls["code by "+name] = func() error {
				_, err := b.accounts.SignInWithCode(t.Context(), code, session.Client{})
				return err
			}
		}
		moved := b.proofFor(verification.ChangeContact, email(fmt.Sprintf("moved%d@example.com", round)))
		calls["contact"] = func() error {
			_, err := b.accounts.ChangeContact(t.Context(), m.caller, moved)
			return err
		}
		calls["change"] = func() error {
			return b.accounts.ChangePassword(t.Context(), m.caller, secret.NewText(goodPassword), secret.NewText("Horse-number2"))
		}
		calls["wrong"] = func() error {
			_, err := b.accounts.SignIn(t.Context(), credentials(m.address, "Wrong-horse1"))
			return err
		}
		calls["right"] = func() error {
			_, err := b.accounts.SignIn(t.Context(), credentials(m.address, goodPassword))
			return err
		}
		names := slices.Sorted(maps.Keys(calls))
		var ordered []func() error
		for _, name := range names {
			ordered = append(ordered, calls[name])
		}
		only(t, round, tally(contest(t, ordered...)), success, credentialsInvalid, sessionRevoked, proofInvalid)
	}
}
