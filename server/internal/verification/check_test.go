package verification_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func TestOT02_ACodeLivesTenMinutes(t *testing.T) {
	t.Parallel()

	b := setup(t)
	early, late := b.start(verification.SignUp, to("early@example.com")), b.start(verification.SignUp, to("late@example.com"))
	if want := b.clock.Now().Add(ttl); !early.ExpiresAt.Equal(want) {
		t.Errorf("it is said to end at %v, want %v", early.ExpiresAt, want)
	}
	earlyCode, lateCode := b.code(early), b.code(late)
	b.clock.Advance(ttl - time.Microsecond)
	if err := b.check(early, earlyCode); err != nil {
		t.Errorf("a moment before its end: %v", err)
	}
	b.clock.Advance(time.Microsecond)
	refused(t, "at its end", b.check(late, lateCode), expired)
	refused(t, "a wrong one at its end", b.check(late, wrong(lateCode)), expired)
}

func TestOT02_AskingAgainDoesNotProlong(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	first := b.start(verification.SignUp, contact)
	firstCode := b.code(first)
	b.clock.Advance(wait)
	second := b.start(verification.SignUp, contact)
	secondCode := b.code(second)

	var end time.Time
	if err := b.db.QueryRow(t.Context(), "SELECT expires_at FROM verifications WHERE id = $1", first.ID).Scan(&end); err != nil {
		t.Fatal(err)
	}
	if !end.Equal(first.ExpiresAt) {
		t.Errorf("the end of the first code moved from %v to %v", first.ExpiresAt, end)
	}
	b.clock.Advance(ttl - wait)
	if err := b.check(first, firstCode); err == nil {
		t.Error("the first code works after its time")
	}
	b.clock.Advance(wait)
	refused(t, "the second code at its own end", b.check(second, secondCode), expired)
}

func TestOT03_OneProofPerCode(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	var (
		mu   sync.Mutex
		ends = map[time.Time]int{}
	)
	outcomes, _ := together(t, 50, func(i int) error {
		end, err := b.replicas[i%2].Check(t.Context(), started.Secret, code)
		if err == nil {
			mu.Lock()
			defer mu.Unlock()
			ends[end]++
		}
		return err
	})
	// More than five concurrent attempts count as guesses, since they are counted before they are compared.
	success := outcomes[latchkeyv1.Reason_REASON_UNSPECIFIED]
	if success < 1 || success+outcomes[spent]+outcomes[latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS] != 50 || len(ends) != 1 {
		t.Errorf("50 times the right code: %v, with these ends of the proof: %v", outcomes, ends)
	}
	if err := b.check(started, code); err != nil {
		t.Errorf("the right code once more: %v", err)
	}
	if _, err := b.consume(verification.SignUp, started.Secret); err != nil {
		t.Errorf("the proof: %v", err)
	}
	refused(t, "the proof once more", peek(b, verification.SignUp, started.Secret), badProof)
	refused(t, "the right code of a used proof", b.check(started, code), spent)
}

// The answer to a right code can get lost on its way, with the last try.
func TestOT03_TheRightCodeHasTheSameAnswerWhileItsProofIsGood(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	started := b.start(verification.SignUp, contact)
	code := b.code(started)
	for range verification.MaxAttempts - 1 {
		refused(t, "a wrong try", b.check(started, wrong(code)), mismatch)
	}
	first, err := b.replicas[0].Check(t.Context(), started.Secret, code)
	if err != nil {
		t.Fatal(err)
	}
	charged := b.tries(started)
	// Over and over, at another replica, after the code's own time, and although another code was asked for.
	for i := range 3 * verification.MaxGuesses {
		b.clock.Advance(10 * time.Second)
		if i == 10 {
			b.start(verification.SignUp, contact)
		}
		again, err := b.replicas[i%2].Check(t.Context(), started.Secret, code)
		if err != nil || !again.Equal(first) {
			t.Fatalf("the right code again, %v after it: the proof ends at %v, want %v: %v", time.Duration(i+1)*10*time.Second, again, first, err)
		}
	}
	if got := b.tries(started); got != charged {
		t.Errorf("the right codes have cost %v tries, want none", got)
	}
	b.clock.Advance(first.Sub(b.clock.Now()))
	refused(t, "at the end of the proof", b.check(started, code), spent)
}

func TestOT03_AWrongCodeCountsAfterTheRightOne(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	if err := b.check(started, code); err != nil {
		t.Fatal(err)
	}
	for _, left := range []int{4, 3, 2, 1, 0} {
		if got := refused(t, "a wrong try", b.check(started, wrong(code)), mismatch).AttemptsLeft; got != left {
			t.Errorf("%d tries are left, want %d", got, left)
		}
	}
	refused(t, "the right code after five wrong ones", b.check(started, code), spent)
	// The guesses of an attacker do not invalidate the proof of its owner.
	if _, err := b.consume(verification.SignUp, started.Secret); err != nil {
		t.Errorf("the proof: %v", err)
	}
}

func TestOT04_FiveWrongTriesKillACode(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	for _, left := range []int{4, 3, 2, 1, 0} {
		if got := refused(t, "a wrong try", b.check(started, wrong(code)), mismatch).AttemptsLeft; got != left {
			t.Errorf("%d tries are left, want %d", got, left)
		}
	}
	refused(t, "the right code after five wrong ones", b.check(started, code), spent)
	refused(t, "a sixth wrong one", b.check(started, wrong(code)), spent)
	refused(t, "its proof", peek(b, verification.SignUp, started.Secret), badProof)
}

func TestOT04_TheFifthTryMayBeRight(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	for range verification.MaxAttempts - 1 {
		refused(t, "a wrong try", b.check(started, wrong(code)), mismatch)
	}
	if err := b.check(started, code); err != nil {
		t.Errorf("the right code at the fifth try: %v", err)
	}
}

func TestOT04_ParallelTriesGiveNoGuessForFree(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	outcomes, refusals := together(t, 50, func(i int) error {
		_, err := b.replicas[i%2].Check(t.Context(), started.Secret, wrong(code))
		return err
	})
	if diff := cmp.Diff(map[latchkeyv1.Reason]int{mismatch: 5, spent: 45}, outcomes); diff != "" {
		t.Errorf("50 wrong tries (-want +got):\n%s", diff)
	}
	var left []int
	for _, refusal := range refusals {
		if refusal.Reason == mismatch {
			left = append(left, refusal.AttemptsLeft)
		}
	}
	slices.Sort(left)
	if diff := cmp.Diff([]int{0, 1, 2, 3, 4}, left); diff != "" {
		t.Errorf("the tries left (-want +got):\n%s", diff)
	}
	refused(t, "the right code", b.check(started, code), spent)

	var charged int
	if err := b.db.QueryRow(t.Context(), "SELECT attempts FROM verifications WHERE id = $1", started.ID).Scan(&charged); err != nil {
		t.Fatal(err)
	}
	if charged != verification.MaxAttempts {
		t.Errorf("%d tries were charged", charged)
	}
}

func TestOT04_ARestartGivesNoTriesBack(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	for range 3 {
		refused(t, "a wrong try", b.check(started, wrong(code)), mismatch)
	}
	b.replicas[0] = newService(t, b.db)
	if got := refused(t, "after a restart", b.check(started, wrong(code)), mismatch).AttemptsLeft; got != 1 {
		t.Errorf("%d tries are left, want 1", got)
	}
}

// The tries of one code say nothing about another one's.
func TestOT04_TriesAreCountedPerCode(t *testing.T) {
	t.Parallel()

	b := setup(t)
	ada, grace := b.start(verification.SignUp, to("ada@example.com")), b.start(verification.SignUp, to("grace@example.com"))
	adaCode, graceCode := b.code(ada), b.code(grace)
	for range verification.MaxAttempts {
		refused(t, "a wrong try", b.check(ada, wrong(adaCode)), mismatch)
	}
	if err := b.check(grace, graceCode); err != nil {
		t.Errorf("another contact's code: %v", err)
	}
}

func TestOT07_ACodeWorksForItsOwnVerificationOnly(t *testing.T) {
	t.Parallel()

	b := setup(t)
	ada := b.start(verification.SignUp, to("ada@example.com"))
	for _, other := range []verification.Started{
		b.start(verification.SignUp, to("grace@example.com")),
		b.start(verification.SignIn, to("ada@example.com")),
	} {
		code := b.code(other)
		if code == b.code(ada) {
			continue // one in a million
		}
		refused(t, "another verification's code", b.check(ada, code), mismatch)
	}
}

func TestOT10_AnUnknownVerificationAnswersLikeAnExpiredOne(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	b.clock.Advance(ttl)
	want := refused(t, "an expired code", b.check(started, code), expired)
	for _, unknown := range []string{"", "vrf_", "vrf_ABCDEFGHIJKLMNOPQRSTUVWXYZ", started.Secret.Reveal()[:29], started.ID.String()} {
		_, err := b.replicas[0].Check(t.Context(), secret.NewText(unknown), code)
		got := refused(t, "an unknown verification", err, expired)
		if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(fault.Error{})); diff != "" {
			t.Errorf("%q answers differently (-expired +unknown):\n%s", unknown, diff)
		}
	}
}

func TestOT10_WrongExpiredAndSpentHaveDistinctReasons(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	replaced := b.start(verification.SignUp, contact)
	replacedCode := b.code(replaced)
	b.clock.Advance(wait)
	newest := b.start(verification.SignUp, contact)
	newestCode := b.code(newest)

	refused(t, "a replaced code", b.check(replaced, replacedCode), spent)
	refused(t, "a wrong code", b.check(newest, wrong(newestCode)), mismatch)
	if err := b.check(newest, newestCode); err != nil {
		t.Fatal(err)
	}
	if _, err := b.consume(verification.SignUp, newest.Secret); err != nil {
		t.Fatal(err)
	}
	refused(t, "a used code", b.check(newest, newestCode), spent)
	b.clock.Advance(wait)
	last := b.start(verification.SignUp, contact)
	lastCode := b.code(last)
	b.clock.Advance(ttl)
	refused(t, "an expired code", b.check(last, lastCode), expired)
	refused(t, "a used code after its time", b.check(newest, newestCode), spent)
}
