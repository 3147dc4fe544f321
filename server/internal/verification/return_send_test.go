package verification_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func (b *bundle) back(started verification.Started) {
	b.t.Helper()
	if err := b.replicas[1].ReturnSend(b.t.Context(), started.ID); err != nil {
		b.t.Fatal(err)
	}
}

// nextSend returns how long a contact waits for its next code.
func (b *bundle) nextSend(contact verification.Contact) time.Duration {
	b.t.Helper()
	var next time.Time
	if err := b.db.QueryRow(b.t.Context(), "SELECT next_send_at FROM code_budgets WHERE contact = $1", contact.Value).Scan(&next); err != nil {
		b.t.Fatal(err)
	}
	return next.Sub(b.clock.Now())
}

func TestRL06_AReturnedSendDoesNotCountAndItsWaitStays(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	first := b.start(verification.SignUp, contact)
	b.back(first)
	if left := b.nextSend(contact); left != wait {
		t.Errorf("after the first: %v", left)
	}
	// Five an hour, although six were asked for.
	var last verification.Started
	for range 5 {
		b.clock.Advance(wait)
		last = b.start(verification.SignUp, contact)
	}
	if left := b.nextSend(contact); left != time.Hour-4*wait {
		t.Errorf("after five that count: %v", left)
	}
	b.back(last)
	b.back(last)
	if left := b.nextSend(contact); left != wait {
		t.Errorf("with the fifth returned, twice: %v", left)
	}
	b.clock.Advance(wait)
	b.start(verification.SignUp, contact)
	if left := b.nextSend(contact); left != time.Hour-5*wait {
		t.Errorf("after another fifth: %v", left)
	}
}

func TestRL06_TheDaysSendsAreCountedWithoutThoseReturned(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	begun := b.clock.Now()
	var sends []verification.Started
	for n := range 10 {
		sends = append(sends, b.start(verification.SignUp, contact))
		if n < 9 {
			b.clock.Advance(time.Hour)
		}
	}
	if left, want := b.nextSend(contact), begun.Add(24*time.Hour).Sub(b.clock.Now()); left != want {
		t.Errorf("after ten: %v, want %v", left, want)
	}
	// One from the middle.
	b.back(sends[4])
	if left := b.nextSend(contact); left != wait {
		t.Errorf("with one returned: %v", left)
	}
	b.clock.Advance(wait)
	b.start(verification.SignUp, contact)
	if left, want := b.nextSend(contact), begun.Add(24*time.Hour).Sub(b.clock.Now()); left != want {
		t.Errorf("after another tenth: %v, want %v", left, want)
	}
}

// A returned or unknown send changes nothing; another purpose has its own budget.
func TestReturningWhatIsNotThere(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	kept := b.start(verification.SignUp, contact)
	other, err := b.tryStart(verification.StartInput{Purpose: verification.SignIn, Contact: contact, Locale: "en"})
	if err != nil {
		t.Fatal(err)
	}
	b.back(other)
	b.back(verification.Started{})
	var left int
	err = b.db.QueryRow(t.Context(), "SELECT cardinality(sent_at) FROM code_budgets WHERE purpose = 'sign_up'").Scan(&left)
	if err != nil || left != 1 {
		t.Errorf("%d sends are counted: %v", left, err)
	}
	if !b.sendable(kept.ID) || !b.sendable(other.ID) {
		t.Error("a code does not work any more")
	}
}
