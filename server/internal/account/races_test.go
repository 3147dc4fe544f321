package account_test

import (
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
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func TestPW08_AResetAgainstSigningInWithACode(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		reset := b.proof(verification.ResetPassword, email(m.address))
		var calls []func() error
		calls = append(calls, func() error {
			return b.accounts.ResetPassword(t.Context(), reset, secret.NewText("Another-horse2"), session.Client{})
		})
		for _, contact := range []verification.Contact{email(m.address), phone(m.number), email(m.address), phone(m.number)} {
			proof := b.proof(verification.SignIn, contact)
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
			b.proof(verification.ResetPassword, email(m.address)), b.proof(verification.ResetPassword, phone(m.number)),
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
		proof := b.proof(verification.ResetPassword, []verification.Contact{email(m.address), phone(m.number)}[round%2])
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
		remove := func() error { return b.accounts.DeleteAccount(t.Context(), m.caller) }
		outcomes := contest(t, change, remove, change, remove)
		counts := tally(outcomes)
		only(t, round, counts, success, credentialsInvalid, sessionRevoked)
		// The deletion needs no password, so that a change just before it is no obstacle. After it there is nothing to change.
		if removed := tally([]latchkeyv1.Reason{outcomes[1], outcomes[3]})[success]; removed != 1 || counts[success] > 2 {
			t.Errorf("round %d: %v", round, outcomes)
			continue
		}
		for table, query := range map[string]string{
			"accounts":                  "SELECT count(*) FROM users WHERE id = $1",
			"passwords":                 "SELECT count(*) FROM passwords WHERE user_id = $1",
			"events with personal data": "SELECT count(*) FROM events WHERE user_id = $1 AND erased_at IS NULL",
		} {
			if n := b.count(query, uuid.UUID(m.caller.User)); n != 0 {
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
		// Whichever call won, one code is valid, and a proof that was issued is valid.
		if n := b.count(`SELECT count(*) FROM verifications
			WHERE contact = $1 AND replaced_at IS NULL AND verified_at IS NULL`, address); n != 1 {
			t.Errorf("round %d: %d codes are alive", round, n)
		}
		if _, err := b.verifications.Peek(t.Context(), verification.SignUp, first.Secret); (err == nil) != (entries[success] > 0) {
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
			func() error { return b.accounts.DeleteAccount(t.Context(), m.caller) },
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

// awaitLockOr waits until a statement waits for a lock, or the call has ended without one.
func (b *bundle) awaitLockOr(outcome chan error) {
	b.t.Helper()
	timeout := time.NewTimer(time.Minute)
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

// Everything that sets or needs the password of one account, concurrently.
func TestPW08_EverythingAtOnce(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		calls := map[string]func() error{}
		for name, contact := range map[string]verification.Contact{"mail": email(m.address), "phone": phone(m.number)} {
			reset, code := b.proof(verification.ResetPassword, contact), b.proof(verification.SignIn, contact)
			calls["reset by "+name] = func() error {
				return b.accounts.ResetPassword(t.Context(), reset, secret.NewText("Horse-number1"), session.Client{})
			}
			calls["code by "+name] = func() error {
				_, err := b.accounts.SignInWithCode(t.Context(), code, session.Client{})
				return err
			}
		}
		moved := b.proof(verification.ChangeContact, email(fmt.Sprintf("moved%d@example.com", round)))
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
