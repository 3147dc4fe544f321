package notify

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func codeJob(attempt int) *river.Job[codeArgs] {
	return &river.Job[codeArgs]{
		JobRow: &rivertype.JobRow{Attempt: attempt, MaxAttempts: codeMaxAttempts}, Args: codeArgs{Verification: uuid.New()},
	}
}

// A job's arguments are stored in clear and kept for days.
func TestOT09_AJobNamesItsVerificationAndNothingElse(t *testing.T) {
	t.Parallel()

	id := uuid.New()
	text, err := json.Marshal(codeArgs{Verification: id})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"verification":"` + id.String() + `"}`; string(text) != want {
		t.Errorf("the arguments are %s, want %s", text, want)
	}
	if kind := (codeArgs{}).Kind(); kind != "send_code" {
		t.Errorf("jobs that are in databases already are of another kind than %q", kind)
	}
}

// Tries come quickly, since somebody waits; the last one begins within the ten minutes of a code, whether they fail at once
// or use up their time.
func TestTriesFitTheLifeOfACode(t *testing.T) {
	t.Parallel()

	worker := &codeWorker{clock: func() time.Time { return now }}
	var last, quick, slow time.Duration
	for attempt := 1; attempt < codeMaxAttempts; attempt++ {
		wait := worker.NextRetry(codeJob(attempt)).Sub(now)
		if wait < last || wait > 60*time.Second {
			t.Errorf("after try %d: %v, after the one before: %v", attempt, wait, last)
		}
		if attempt == 1 && wait > 2*time.Second {
			t.Errorf("the second try comes after %v", wait)
		}
		last = wait
		quick += wait
		slow += wait + sendTimeout
	}
	if slow > 10*time.Minute || quick < 5*time.Minute {
		t.Errorf("the last try begins after %v to %v", quick, slow)
	}
	if sendTimeout > jobs.Timeout {
		t.Error("a try may take longer than it takes until its worker is believed dead")
	}
}

func TestAJobWhoseWorkerDiedIsTriedAtOnce(t *testing.T) {
	t.Parallel()

	begun := now.Add(-30 * time.Second)
	code := codeJob(9)
	code.AttemptedAt = &begun
	notice := &river.Job[noticeArgs]{JobRow: &rivertype.JobRow{Attempt: 9, AttemptedAt: &begun}}
	if next := (&codeWorker{clock: func() time.Time { return now }}).NextRetry(code); !next.Equal(now) {
		t.Errorf("a code is tried again after %v", next.Sub(now))
	}
	if next := (&noticeWorker{clock: func() time.Time { return now }}).NextRetry(notice); !next.Equal(now) {
		t.Errorf("a notice is tried again after %v", next.Sub(now))
	}
}

// What the queue is told of each failure.
func TestVerdictsOnCodes(t *testing.T) {
	t.Parallel()

	const left = 5 * time.Minute
	worker := &codeWorker{clock: func() time.Time { return now }}
	for name, c := range map[string]struct {
		failure SendError
		last    bool
		attempt int
		left    time.Duration
		verdict string
		snooze  time.Duration
		final   bool
	}{
		"no answer":                        {SendError{Class: Unreachable}, false, 1, left, "retry", 0, false},
		"busy":                             {SendError{Class: Busy}, false, 1, left, "retry", 0, false},
		"busy for a while":                 {SendError{Class: Busy, RetryAfter: time.Minute}, false, 1, left, "snooze", time.Minute, false},
		"busy for less than the wait":      {SendError{Class: Busy, RetryAfter: time.Second}, false, 1, left, "retry", 0, false},
		"busy for longer than the code":    {SendError{Class: Busy, RetryAfter: left}, false, 1, left, "cancel", 0, true},
		"busy for ever":                    {SendError{Class: Busy, RetryAfter: 1<<63 - 1}, false, 1, left, "cancel", 0, true},
		"the recipient's server is busy":   {SendError{Class: Deferred}, false, 1, left, "retry", 0, false},
		"no such recipient":                {SendError{Class: Refused}, false, 1, left, "cancel", 0, true},
		"wrong credentials":                {SendError{Class: Misconfigured}, false, 1, left, "cancel", 0, true},
		"the last try":                     {SendError{Class: Busy}, false, codeMaxAttempts, left, "retry", 0, true},
		"the next try would come too late": {SendError{Class: Unreachable}, false, 9, 45 * time.Second, "cancel", 0, true},
		// Whatever it asks for, a message that may have gone out twice does not go out again.
		"no answer to what was handed over":       {SendError{Class: Unreachable, Ambiguous: true}, false, 1, left, "retry", 0, false},
		"no answer to what was handed over twice": {SendError{Class: Unreachable, Ambiguous: true}, true, 2, left, "cancel", 0, true},
		"nonsense from one that refuses us":       {SendError{Class: Misconfigured, Ambiguous: true}, false, 1, left, "retry", 0, false},
		"busy, and may have taken it twice":       {SendError{Class: Busy, Ambiguous: true, RetryAfter: time.Minute}, true, 2, left, "cancel", 0, true},
	} {
		verdict, final := worker.verdict(codeJob(c.attempt), verification.Sendable{ExpiresAt: now.Add(c.left)}, &c.failure, c.last)
		got, snooze := told(verdict)
		if got != c.verdict || snooze != c.snooze || final != c.final {
			t.Errorf("%s: %s after %v, final %t", name, got, snooze, final)
		}
	}
}

// A notice is of use after an operator has mended the settings, and waits for a provider as long as it asks for, while it is of
// use.
func TestVerdictsOnNotices(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		failure SendError
		last    bool
		attempt int
		left    time.Duration
		verdict string
		snooze  time.Duration
		final   bool
		noted   string
	}{
		"no answer":          {SendError{Class: Unreachable}, false, 1, noticeUsefulFor, "retry", 0, false, "test: unreachable"},
		"busy for a while":   {SendError{Class: Busy, RetryAfter: time.Minute}, false, 1, noticeUsefulFor, "snooze", time.Minute, false, "test: busy"},
		"busy for hours":     {SendError{Class: Busy, RetryAfter: 23 * time.Hour}, false, 1, noticeUsefulFor, "snooze", 23 * time.Hour, false, "test: busy"},
		"busy until its end": {SendError{Class: Busy, RetryAfter: 2 * time.Hour}, false, 1, 2 * time.Hour, "cancel", 0, true, "test: busy; asks for a wait of 2h0m0s, which is too long"},
		"busy past its end":  {SendError{Class: Busy, RetryAfter: 3 * time.Hour}, false, 1, 2 * time.Hour, "cancel", 0, true, "test: busy; asks for a wait of 3h0m0s, which is too long"},
		"after its end":      {SendError{Class: Busy}, false, 1, -time.Second, "retry", 0, false, "test: busy"},
		"no such recipient":  {SendError{Class: Refused}, false, 1, noticeUsefulFor, "cancel", 0, true, "test: refused"},
		"wrong credentials":  {SendError{Class: Misconfigured}, false, 1, noticeUsefulFor, "retry", 0, false, "test: misconfigured"},
		"the last try":       {SendError{Class: Misconfigured}, false, noticeMaxAttempts, noticeUsefulFor, "retry", 0, true, "test: misconfigured"},
		"no answer to what was handed over": {
			SendError{Class: Unreachable, Ambiguous: true}, false, 1, noticeUsefulFor, "retry", 0, false, "test: unreachable, outcome unknown",
		},
		"no answer to what was handed over twice": {
			SendError{Class: Unreachable, Ambiguous: true}, true, 2, noticeUsefulFor, "cancel", 0, true, "test: unreachable, outcome unknown",
		},
	} {
		job := &river.Job[noticeArgs]{JobRow: &rivertype.JobRow{Attempt: c.attempt, MaxAttempts: noticeMaxAttempts}}
		c.failure.Provider = "test"
		verdict, final := noticeVerdict(job.JobRow, &c.failure, c.last, c.left)
		got, snooze := told(verdict)
		if got != c.verdict || snooze != c.snooze || final != c.final || c.failure.Error() != c.noted {
			t.Errorf("%s: %s after %v, final %t, noted as %q", name, got, snooze, final, c.failure.Error())
		}
	}
}

func told(verdict error) (string, time.Duration) {
	var (
		cancelled *rivertype.JobCancelError
		snoozed   *rivertype.JobSnoozeError
	)
	switch {
	case errors.As(verdict, &cancelled):
		return "cancel", 0
	case errors.As(verdict, &snoozed):
		return "snooze", snoozed.Duration
	default:
		return "retry", 0
	}
}
