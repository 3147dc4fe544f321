package verification_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func (b *bundle) sendable(id uuid.UUID) bool {
	b.t.Helper()
	_, state, err := b.replicas[0].Sendable(b.t.Context(), id)
	if err != nil {
		b.t.Fatal(err)
	}
	return state == verification.Wanted
}

func TestOT08_ARetriedJobSendsTheSameCode(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	first := b.code(started)
	b.clock.Advance(ttl / 2)
	b.replicas[0] = b.replicas[1]
	if second := b.code(started); second != first {
		t.Error("another replica would send another code")
	}
	if err := b.check(started, first); err != nil {
		t.Errorf("the code that was sent: %v", err)
	}
}

func TestACodeOfNoUseIsNotSent(t *testing.T) {
	t.Parallel()

	b := setup(t)
	replaced := b.start(verification.SignUp, to("replaced@example.com"))
	verified := b.start(verification.SignUp, to("verified@example.com"))
	if err := b.check(verified, b.code(verified)); err != nil {
		t.Fatal(err)
	}
	withheld, err := b.tryStart(verification.StartInput{
		Purpose: verification.SignIn, Contact: to("withheld@example.com"), Locale: "en", Withheld: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(wait)
	newest := b.start(verification.SignUp, to("replaced@example.com"))

	for name, started := range map[string]verification.Started{"replaced": replaced, "verified": verified, "withheld": withheld} {
		if b.sendable(started.ID) {
			t.Errorf("a code that was %s would be sent", name)
		}
	}
	if b.sendable(uuid.New()) {
		t.Error("a code that was not requested would be sent")
	}
	if !b.sendable(newest.ID) {
		t.Error("the newest code would not be sent")
	}
	b.clock.Advance(ttl)
	if b.sendable(newest.ID) {
		t.Error("a code after its time would be sent")
	}
}
