package account_test

import (
	"fmt"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

func TestOT05_GuessesOfAllCodesTogetherAreCounted(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")

	for range 4 {
		sent := ada.AsksForCode(signUp)
		wrong := wrongCode(ada.ReadsCode())
		for range 5 {
			ada.EntersCodeFails(sent.GetVerificationId(), wrong, latchkeyv1.Reason_REASON_CODE_MISMATCH)
		}
		env.Clock.Advance(2 * time.Minute)
	}
	sent := ada.AsksForCode(signUp)
	code := ada.ReadsCode()
	detail := ada.EntersCodeFails(sent.GetVerificationId(), code, latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS)
	if wait := detail.GetRetryAfter().AsDuration(); wait <= 23*time.Hour || wait > 24*time.Hour {
		t.Errorf("the wait is %v", wait)
	}
	// Another purpose has its own budget, and so has the next day.
	other := ada.AsksForCode(changeContact)
	ada.EntersCode(other.GetVerificationId(), ada.ReadsCode())
	env.Clock.Advance(24 * time.Hour)
	ada.ProvesEmail(signUp)
}

func TestRL06_SendsAreLimited(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")

	start := env.Clock.Now()
	for i := range 5 {
		ada.AsksForCode(signUp)
		detail := ada.AsksForCodeFails(signUp, latchkeyv1.Reason_REASON_TOO_MANY_SENDS)
		if wait := detail.GetRetryAfter().AsDuration(); i < 4 && wait != time.Minute {
			t.Errorf("after send %d the wait is %v", i+1, wait)
		}
		// A code that is replaced before it was sent does not count.
		env.AwaitJobs()
		env.Clock.Advance(time.Minute)
	}
	detail := ada.AsksForCodeFails(signUp, latchkeyv1.Reason_REASON_TOO_MANY_SENDS)
	if wait, want := detail.GetRetryAfter().AsDuration(), start.Add(time.Hour).Sub(env.Clock.Now()); wait != want {
		t.Errorf("after five sends the wait is %v, want %v", wait, want)
	}
	env.Clock.Advance(time.Hour)
	for range 5 {
		ada.AsksForCode(signUp)
		env.AwaitJobs()
		env.Clock.Advance(13 * time.Minute)
	}
	detail = ada.AsksForCodeFails(signUp, latchkeyv1.Reason_REASON_TOO_MANY_SENDS)
	if wait := detail.GetRetryAfter().AsDuration(); wait < 20*time.Hour {
		t.Errorf("after ten sends the wait is %v", wait)
	}
}

// wrongCode is another code of six digits.
func wrongCode(code string) string {
	var n int
	if _, err := fmt.Sscan("1"+code, &n); err != nil {
		return "000000"
	}
	return fmt.Sprintf("%06d", (n+1)%1_000_000)
}

func TestA7_ProofsAreDeleted(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	env.AwaitJobs()
	if n := env.Rows("verifications")["verifications"]; n != 0 {
		t.Errorf("%d used proofs are left", n)
	}
}
