package audit_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
)

// A use-case that forgets who acted is found by its first test.
func TestAnEntryWithoutAnActorIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	entry := audit.Entry{User: h.user, Event: audit.ProfileChanged}
	record := func() error {
		return h.db.InTx(t.Context(), func(tx db.Tx) error { return audit.Record(t.Context(), tx, entry) })
	}
	if err := record(); err == nil {
		t.Error("it is recorded")
	}
	if err := h.log.RecordFailure(t.Context(), entry, ""); err == nil {
		t.Error("as a failure, it is recorded")
	}
	if n := h.entries(audit.ProfileChanged); n != 0 {
		t.Errorf("%d entries are written", n)
	}
	entry.Actor = audit.User(h.user)
	if err := record(); err != nil || h.entries(audit.ProfileChanged) != 1 {
		t.Errorf("with an actor: %v", err)
	}
}

func TestEventsAreKeptForADayAtLeast(t *testing.T) {
	t.Parallel()
	for retention, wrong := range map[string]bool{"23h59m": true, "24h": false, "9600h": false, "-1h": true} {
		var problems []string
		audit.Config{Retention: duration(t, retention)}.Validate(func(setting, _ string, _ ...any) { problems = append(problems, setting) })
		if (len(problems) == 1 && problems[0] == "event-retention") != wrong {
			t.Errorf("%s: %v", retention, problems)
		}
	}
}

func duration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
