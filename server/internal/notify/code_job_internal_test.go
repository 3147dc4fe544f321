package notify

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/latchkey-auth/latchkey/server/internal/jobs"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

func codeJob(attempt int) *river.Job[codeArgs] {
	return &river.Job[codeArgs]{JobRow: &rivertype.JobRow{Attempt: attempt}, Args: codeArgs{Verification: uuid.New()}}
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

func TestOT08_AJobSendsTheSameMessageAtEachTry(t *testing.T) {
	t.Parallel()

	var sent []Message
	fail := errors.New("the provider is down")
	worker := &codeWorker{
		clock: func() time.Time { return now },
		find: func(context.Context, VerificationID) (CodeMessage, bool, error) {
			return CodeMessage{Channel: SMS, To: "+821012345678", Locale: "ko", Code: secret.NewText("042917"), ExpiresAt: now.Add(time.Minute)}, true, nil
		},
		send: func(_ context.Context, m Message) error {
			sent = append(sent, m)
			if len(sent) == 1 {
				return fail
			}
			return nil
		},
	}
	if err := worker.Work(t.Context(), codeJob(1)); !errors.Is(err, fail) {
		t.Errorf("the first try gives %v", err)
	}
	if err := worker.Work(t.Context(), codeJob(2)); err != nil {
		t.Errorf("the second try gives %v", err)
	}
	if len(sent) != 2 || sent[0] != sent[1] {
		t.Errorf("sent: %+v", sent)
	}
}

func TestACodeThatIsNotWantedCancelsItsJob(t *testing.T) {
	t.Parallel()

	worker := &codeWorker{
		clock: func() time.Time { return now },
		find:  func(context.Context, VerificationID) (CodeMessage, bool, error) { return CodeMessage{}, false, nil },
		send: func(context.Context, Message) error {
			t.Error("something was sent")
			return nil
		},
	}
	var cancelled *rivertype.JobCancelError
	if err := worker.Work(t.Context(), codeJob(1)); !errors.As(err, &cancelled) {
		t.Errorf("Work = %v", err)
	}
}

// When the code cannot be looked up, the job is tried again instead of being given up.
func TestAnOutageDoesNotCancelAJob(t *testing.T) {
	t.Parallel()

	outage := errors.New("no connection")
	worker := &codeWorker{
		clock: func() time.Time { return now },
		find:  func(context.Context, VerificationID) (CodeMessage, bool, error) { return CodeMessage{}, false, outage },
	}
	var cancelled *rivertype.JobCancelError
	if err := worker.Work(t.Context(), codeJob(1)); !errors.Is(err, outage) || errors.As(err, &cancelled) {
		t.Errorf("Work = %v", err)
	}
}

// Tries come quickly, since somebody waits; the last one begins within the ten minutes of a code.
func TestTriesFitTheLifeOfACode(t *testing.T) {
	t.Parallel()

	worker := &codeWorker{clock: func() time.Time { return now }}
	var last, whole time.Duration
	for attempt := 1; attempt < codeMaxAttempts; attempt++ {
		wait := worker.NextRetry(codeJob(attempt)).Sub(now)
		if wait < last || wait > 90*time.Second {
			t.Errorf("after try %d: %v, after the one before: %v", attempt, wait, last)
		}
		if attempt == 1 && wait > 2*time.Second {
			t.Errorf("the second try comes after %v", wait)
		}
		last = wait
		whole += wait + jobs.Timeout
	}
	if whole > 10*time.Minute || whole < 5*time.Minute {
		t.Errorf("the last try begins after %v", whole)
	}
}
