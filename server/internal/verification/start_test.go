package verification_test

import (
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

var allPurposes = []verification.Purpose{
	verification.SignUp, verification.SignIn, verification.ResetPassword, verification.ChangeContact, verification.Reauthenticate,
}

func (b *bundle) alive() (n int) {
	b.t.Helper()
	if err := b.db.QueryRow(b.t.Context(),
		"SELECT count(*) FROM verifications WHERE replaced_at IS NULL AND verified_at IS NULL").Scan(&n); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestOT08_OneSendAMinuteUnderAnyRace(t *testing.T) {
	t.Parallel()

	b := setup(t)
	in := verification.StartInput{Purpose: verification.SignUp, Contact: to("ada@example.com"), Locale: "en"}
	// The first round inserts the slot's row, the second one updates it.
	for round := range 2 {
		outcomes, refusals := together(t, 20, func(int) error {
			_, err := b.tryStart(in)
			return err
		})
		if diff := cmp.Diff(map[latchkeyv1.Reason]int{latchkeyv1.Reason_REASON_UNSPECIFIED: 1, tooMany: 19}, outcomes); diff != "" {
			t.Errorf("round %d (-want +got):\n%s", round, diff)
		}
		for _, refusal := range refusals {
			if refusal.RetryAfter != wait {
				t.Errorf("round %d: retry after %v, want %v", round, refusal.RetryAfter, wait)
			}
		}
		if n := b.alive(); n != 1 {
			t.Errorf("round %d: %d codes are alive", round, n)
		}
		b.clock.Advance(wait)
	}
}

func TestOT08_RetryAfterIsTheRestOfTheWait(t *testing.T) {
	t.Parallel()

	b := setup(t)
	in := verification.StartInput{Purpose: verification.SignUp, Contact: to("ada@example.com"), Locale: "en"}
	started := b.start(in.Purpose, in.Contact)
	if want := b.clock.Now().Add(wait); !started.ResendAt.Equal(want) {
		t.Errorf("the next send is said to be at %v, want %v", started.ResendAt, want)
	}
	b.clock.Advance(wait - time.Second)
	_, err := b.tryStart(in)
	if got := refused(t, "a second early", err, tooMany).RetryAfter; got != time.Second {
		t.Errorf("retry after %v", got)
	}
	// A refused send does not begin the wait anew.
	b.clock.Advance(time.Second)
	b.start(in.Purpose, in.Contact)
}

func TestOT08_OnlyTheNewestCodeWorks(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	first := b.start(verification.SignUp, contact)
	firstCode := b.code(first)
	b.clock.Advance(wait)
	second := b.start(verification.SignUp, contact)
	secondCode := b.code(second)
	refused(t, "the first code", b.check(first, firstCode), spent)
	if err := b.check(second, secondCode); err != nil {
		t.Errorf("the newest code: %v", err)
	}
}

// Whatever a program does, two codes for one contact and purpose are never alive.
func TestOT08_TheDatabaseKeepsOneCodeAlive(t *testing.T) {
	t.Parallel()

	b := setup(t)
	insert := func(purpose verification.Purpose, address string) error {
		id := uuid.New()
		_, err := b.db.Exec(t.Context(), `INSERT INTO verifications (id, secret_hash, purpose, channel, contact, locale, withheld, expires_at)
			VALUES ($1, $2, $3, 'email', $4, 'en', false, now() + interval '1 minute')`, id, id[:], string(purpose), address)
		return err
	}
	b.start(verification.SignUp, to("ada@example.com"))
	if err := insert(verification.SignUp, "ada@example.com"); db.ViolatedUnique(err) != "verifications_newest" {
		t.Errorf("a second living code: %v", err)
	}
	if err := insert(verification.SignIn, "ada@example.com"); err != nil {
		t.Errorf("a code for another purpose: %v", err)
	}
}

func TestSendsOfDifferentContactsAndPurposesDoNotMeet(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for _, purpose := range allPurposes {
		b.start(purpose, to("ada@example.com"))
		b.start(purpose, to("grace@example.com"))
		b.start(purpose, verification.Contact{Channel: verification.Phone, Value: "+821012345678"})
	}
	if n, want := b.alive(), 3*len(allPurposes); n != want {
		t.Errorf("%d codes are alive, want %d", n, want)
	}
}

// Any caller can request a code, so a request must not invalidate a proof.
func TestAskingAgainLeavesAProofAlone(t *testing.T) {
	t.Parallel()

	b := setup(t)
	proof := b.proof(verification.SignUp, to("ada@example.com"))
	b.clock.Advance(wait)
	b.start(verification.SignUp, to("ada@example.com"))
	if _, err := b.consume(verification.SignUp, proof); err != nil {
		t.Errorf("the proof from before: %v", err)
	}
}

func TestOT09_TheDatabaseHoldsTheHashOfTheSecretOnly(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	text := started.Secret.Reveal()
	// 26 characters of base 32 carry 130 bits.
	if len(text) < len("vrf_")+26 {
		t.Errorf("the secret has %d characters", len(text))
	}
	var hash []byte
	if err := b.db.QueryRow(t.Context(), "SELECT secret_hash FROM verifications WHERE id = $1", started.ID).Scan(&hash); err != nil {
		t.Fatal(err)
	}
	if want := sha256.Sum256([]byte(text)); string(hash) != string(want[:]) {
		t.Errorf("secret_hash = %x", hash)
	}
}
