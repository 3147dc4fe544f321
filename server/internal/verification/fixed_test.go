package verification_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// fixed gives both replicas a contact with a fixed code, for an hour.
func fixed(t *testing.T, b *bundle, contact verification.Contact, code string) {
	t.Helper()
	master, err := secret.NewMaster(secret.NewText("a master secret for tests of codes"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.replicas {
		b.replicas[i] = verification.New(b.db, verification.Config{
			CodeTTL: ttl, ResendWait: wait, ProofTTL: proofTTL, Master: master,
			Fixed: verification.FixedCodes{
				Codes: map[verification.Contact]secret.Text{contact: secret.NewText(code)}, Until: b.clock.Now().Add(time.Hour),
			},
		})
	}
}

func (b *bundle) state(started verification.Started) verification.State {
	b.t.Helper()
	found, state, err := b.replicas[0].Sendable(b.t.Context(), started.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	if state != verification.Wanted && !found.Code.Empty() {
		b.t.Errorf("a code that is %s was handed out", state)
	}
	return state
}

func TestAFixedCodeWorksForItsContactAlone(t *testing.T) {
	t.Parallel()

	b := setup(t)
	review, ada := to("review@example.com"), to("ada@example.com")
	fixed(t, b, review, "135790")
	started := b.start(verification.SignUp, review)
	if state := b.state(started); state != verification.Fixed {
		t.Errorf("it would be sent, being %s", state)
	}
	refused(t, "another code", b.check(started, secret.NewText("135791")), mismatch)
	if err := b.check(started, secret.NewText("135790")); err != nil {
		t.Errorf("the fixed code: %v", err)
	}
	other := b.start(verification.SignUp, ada)
	if b.code(other).Reveal() != "135790" { // one in a million
		refused(t, "the fixed code, elsewhere", b.check(other, secret.NewText("135790")), mismatch)
	}
	// The same text as a number is another contact.
	phone := b.start(verification.SignUp, verification.Contact{Channel: verification.Phone, Value: review.Value})
	if state := b.state(phone); state != verification.Wanted {
		t.Errorf("another channel's code is %s", state)
	}
}

func TestAFixedCodeIsTriedFiveTimesAndEnds(t *testing.T) {
	t.Parallel()

	b := setup(t)
	review := to("review@example.com")
	fixed(t, b, review, "135790")
	started := b.start(verification.SignUp, review)
	for range verification.MaxAttempts {
		refused(t, "a wrong try", b.check(started, secret.NewText("000000")), mismatch)
	}
	refused(t, "the fixed code after five tries", b.check(started, secret.NewText("135790")), spent)

	b.clock.Advance(time.Hour)
	late := b.start(verification.SignUp, review)
	if b.code(late).Reveal() != "135790" { // one in a million
		refused(t, "the fixed code after its date", b.check(late, secret.NewText("135790")), mismatch)
	}
	if state := b.state(late); state != verification.Wanted {
		t.Errorf("after its date, the code is %s", state)
	}
}

func TestStatesOfCodes(t *testing.T) {
	t.Parallel()

	b := setup(t)
	replaced := b.start(verification.SignUp, to("replaced@example.com"))
	used := b.start(verification.SignUp, to("used@example.com"))
	if err := b.check(used, b.code(used)); err != nil {
		t.Fatal(err)
	}
	withheld, err := b.tryStart(verification.StartInput{
		Purpose: verification.SignIn, Contact: to("withheld@example.com"), Locale: "en", Withheld: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	if state := b.state(withheld); state != verification.Withheld {
		t.Errorf("a withheld one is %s", state)
	}
	b.clock.Advance(wait)
	newest := b.start(verification.SignUp, to("replaced@example.com"))
	for want, started := range map[verification.State]verification.Started{
		verification.Replaced: replaced, verification.Used: used, verification.Wanted: newest, verification.Gone: {},
	} {
		if state := b.state(started); state != want {
			t.Errorf("it is %s, want %s", state, want)
		}
	}
	b.clock.Advance(ttl)
	// A withheld code ends as another one does.
	for _, started := range []verification.Started{newest, withheld} {
		if state := b.state(started); state != verification.Ended {
			t.Errorf("after its time it is %s", state)
		}
	}
}
