package audit_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// entries counts what stands in the list for an event.
func (h *history) entries(event audit.Event) (n int) {
	h.t.Helper()
	if err := h.db.QueryRow(h.t.Context(), "SELECT count(*) FROM events WHERE user_id = $1 AND type = $2",
		uuid.UUID(h.user), string(event)).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

// fails records n failures at once.
func (h *history) fails(n int, e audit.Entry, tried string) {
	h.t.Helper()
	var group sync.WaitGroup
	for range n {
		group.Go(func() {
			if err := h.log.RecordFailure(h.t.Context(), e, tried); err != nil {
				h.t.Error(err)
			}
		})
	}
	group.Wait()
}

// Strangers cannot make an account's list grow as they like.
func TestRL02_FailuresAreRecordedFiftyTimesAnHour(t *testing.T) {
	t.Parallel()
	h := setup(t)
	signIn := audit.Entry{User: h.user, Event: audit.SignInFailed, Actor: audit.Anonymous}
	h.fails(200, signIn, "email:ada@example.com")
	if n := h.entries(audit.SignInFailed); n != 50 {
		t.Errorf("%d entries are written, want 50", n)
	}
	// One budget for the account, whichever contact is tried.
	h.fails(10, signIn, "phone:+821012345678")
	if n := h.entries(audit.SignInFailed); n != 50 {
		t.Errorf("%d entries are written by another contact", n-50)
	}
	// Strangers' failures hide none that a holder of a session causes.
	h.fails(1, audit.Entry{User: h.user, Event: audit.PasswordRefused, Actor: audit.User(h.user)}, "")
	if n := h.entries(audit.PasswordRefused); n != 1 {
		t.Errorf("%d refused passwords are written, want 1", n)
	}
	h.clock.Advance(time.Hour)
	h.fails(60, signIn, "email:ada@example.com")
	if n := h.entries(audit.SignInFailed); n != 100 {
		t.Errorf("%d entries are written an hour later, want 50", n-50)
	}
}

// For an account that does not exist the same is done, and nothing is written.
func TestID08_AFailureWithoutAnAccountIsChargedToo(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, user := range []id.User{{}, id.NewUser()} {
		h.fails(60, audit.Entry{User: user, Event: audit.SignInFailed, Actor: audit.Anonymous}, "email:nobody@example.com")
	}
	var entries, budgets, count int
	if err := h.db.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM events), count(*), max(count) FROM rate_limits`).Scan(&entries, &budgets, &count); err != nil {
		t.Fatal(err)
	}
	if entries != 0 || budgets != 2 || count != 50 {
		t.Errorf("%d entries, %d budgets charged up to %d; want none, one for each, 50", entries, budgets, count)
	}
}
