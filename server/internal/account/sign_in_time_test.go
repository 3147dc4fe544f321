package account_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// A hash takes many times as long as the rest, so the bound can be wide. The test compares the fastest of many turns: a busy
// machine makes some turns slower, and none faster.
func TestID08_AnUnknownAddressTakesAsLongAsAWrongPassword(t *testing.T) {
	t.Parallel()

	b := setup(t, password.Config{
		Argon2: password.Argon2Params{Memory: 16 * 1024, Time: 2, Parallelism: 1}, MaxConcurrent: 1, MaxQueue: 1000, MaxWait: time.Minute,
	})
	b.signsUp()
	took := map[string][]time.Duration{}
	var known, unknown time.Duration
	alike := func() bool { return unknown >= known/3 && unknown <= known*3 }
	// More turns make up for a machine that has much else to do; they hide no difference, since the quickest ones count.
	for turn := 0; turn < 12 || turn < 200 && !alike(); turn++ {
		for _, address := range []string{ada, "nobody@example.com"} {
			began := time.Now()
			_, err := b.accounts.SignIn(t.Context(), credentials(address, "Wrong-horse1"))
			took[address] = append(took[address], time.Since(began))
			if got := reason(t, err); got != credentialsInvalid {
				t.Fatalf("%s: %v", address, got)
			}
		}
		known, unknown = slices.Min(took[ada]), slices.Min(took["nobody@example.com"])
	}
	if !alike() {
		t.Errorf("unknown takes %v, wrong takes %v", unknown, known)
	}
}

// One hash at a time, no queue, and another hash is always running.
func TestPW09_AFullHasherAnswersBusy(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	b.signsUp()
	proof := b.proof(verification.SignUp, email("grace@example.com"))
	server := b.services(password.Config{
		Argon2: password.Argon2Params{Memory: 1024, Time: 8, Parallelism: 1}, MaxConcurrent: 1, MaxQueue: 1, MaxWait: 3 * time.Millisecond,
	})
	full, hasher := server.Accounts, server.Hasher

	ctx, stop := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for ctx.Err() == nil {
			_, _ = hasher.Hash(context.WithoutCancel(ctx), goodPassword)
		}
	}()
	defer func() {
		stop()
		<-stopped
	}()

	for name, in := range map[string]account.SignInInput{
		"unknown": credentials("nobody@example.com", goodPassword), "wrong": credentials(ada, "Wrong-horse1"),
	} {
		// It can slip in between two hashes.
		for busy := false; !busy; {
			_, err := full.SignIn(t.Context(), in)
			switch reason(t, err) {
			case latchkeyv1.Reason_REASON_BUSY:
				busy = true
				var refusal *fault.Error
				if !errors.As(err, &refusal) || refusal.RetryAfter <= 0 {
					t.Errorf("%s: %v without a time to come back", name, err)
				}
			case credentialsInvalid:
			default:
				t.Fatalf("%s: %v", name, err)
			}
		}
	}

	// A sign-up changes nothing when it is sent away, and its proof stays good.
	for busy := false; !busy; {
		_, err := full.SignUp(t.Context(), form("grace@example.com", "grace", proof))
		switch reason(t, err) {
		case latchkeyv1.Reason_REASON_BUSY:
			busy = true
			if n := b.count("SELECT count(*) FROM users WHERE email = 'grace@example.com'"); n != 0 {
				t.Error("an account was made all the same")
			}
			if _, err := b.accounts.SignUp(t.Context(), form("grace@example.com", "grace", proof)); err != nil {
				t.Errorf("a moment later: %v", err)
			}
		case success:
			if _, err := b.db.Exec(t.Context(), "DELETE FROM users WHERE email = 'grace@example.com'"); err != nil {
				t.Fatal(err)
			}
			proof = b.proof(verification.SignUp, email("grace@example.com"))
		default:
			t.Fatal(err)
		}
	}
}
