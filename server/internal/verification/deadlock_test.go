package verification_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// Postgres ends one of two statements that wait for each other. The user has typed the code once, and pays for one try.
func TestOT04_ADeadlockCostsNoTry(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		// Another transaction takes the second row that a check locks, and then the first one.
		second, first string
	}{
		"WhileTheTryIsCharged": {
			"SELECT FROM code_budgets FOR UPDATE",
			"SELECT FROM verifications WHERE verified_at IS NULL FOR UPDATE",
		},
		"WhileTheProofIsMade": {
			"SELECT FROM verifications WHERE verified_at IS NOT NULL FOR UPDATE",
			"SELECT FROM verifications WHERE verified_at IS NULL FOR UPDATE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 5 {
				if deadlock(t, c.second, c.first) {
					return
				}
			}
			t.Error("Postgres has always ended the other transaction")
		})
	}
}

// deadlock has a check and another transaction wait for each other, and reports whether Postgres has ended a statement of the
// check. It ends the one that notices first, which is the one that waits longer unless the machine is very busy.
func deadlock(t *testing.T, second, first string) bool {
	t.Helper()
	b := setup(t)
	ada := to("ada@example.com")
	b.proof(verification.SignIn, ada) // which the next one outdoes
	b.clock.Advance(wait)
	started := b.start(verification.SignIn, ada)
	code := b.code(started)
	refused(t, "a wrong code", b.check(started, wrong(code)), latchkeyv1.Reason_REASON_CODE_MISMATCH)
	other, err := b.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := other.Exec(t.Context(), second); err != nil {
		t.Fatal(err)
	}
	checked := make(chan error, 1)
	go func() { checked <- b.check(started, code) }()
	b.awaitWaiter()

	_, endedOther := other.Exec(t.Context(), first)
	if err := other.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}

	if err := <-checked; err != nil {
		t.Errorf("the right code: %v", err)
	}
	// The right code is counted back: the wrong one is left.
	if charged := b.tries(started); charged != [2]int{1, 1} {
		t.Errorf("%d tries of the code and %d of the contact are charged, want one of each", charged[0], charged[1])
	}
	return endedOther == nil
}

// A wrong code is charged once as well, however often its statement runs.
func TestOT04_ATerminatedConnectionCostsOneTry(t *testing.T) {
	t.Parallel()
	b := setup(t)
	started := b.start(verification.SignIn, to("ada@example.com"))
	guess := wrong(b.code(started))
	aside, err := pgx.Connect(t.Context(), b.db.Config().ConnString())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = aside.Close(context.WithoutCancel(t.Context())) }()
	for left := verification.MaxAttempts - 1; left >= 0; left-- {
		if _, err := aside.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Fatal(err)
		}
		refusal := refused(t, "a wrong code", b.check(started, guess), latchkeyv1.Reason_REASON_CODE_MISMATCH)
		if refusal.AttemptsLeft != left {
			t.Errorf("%d tries are left, want %d", refusal.AttemptsLeft, left)
		}
	}
}

// awaitWaiter waits until a statement waits for a lock.
func (b *bundle) awaitWaiter() {
	b.t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for {
		var waits bool
		if err := b.db.QueryRow(b.t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits); err != nil {
			b.t.Fatal(err)
		}
		if waits {
			return
		}
		select {
		case <-deadline.C:
			b.t.Fatal("no statement waits for a lock")
		case <-time.After(5 * time.Millisecond):
		}
	}
}
