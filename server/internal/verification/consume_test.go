package verification_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

func peek(b *bundle, purpose verification.Purpose, proof secret.Text) error {
	_, err := b.replicas[0].Peek(b.t.Context(), purpose, proof)
	return err
}

func TestOT06_AProofWorksForItsPurposeOnly(t *testing.T) {
	t.Parallel()

	b := setup(t)
	contact := to("ada@example.com")
	for _, made := range allPurposes {
		proof := b.proof(made, contact)
		for _, asked := range allPurposes {
			if asked == made {
				continue
			}
			name := string(made) + " as " + string(asked)
			refused(t, "peek "+name, peek(b, asked, proof), badProof)
			_, err := b.consume(asked, proof)
			refused(t, "consume "+name, err, badProof)
		}
		if err := peek(b, made, proof); err != nil {
			t.Errorf("peek %s: %v", made, err)
		}
		got, err := b.consume(made, proof)
		if err != nil || got != contact {
			t.Errorf("consume %s: %v, %v", made, got, err)
		}
	}
}

func TestOT11_AProofIsUsedOnce(t *testing.T) {
	t.Parallel()

	b := setup(t)
	proof := b.proof(verification.SignUp, to("ada@example.com"))
	outcomes, _ := together(t, 50, func(i int) error {
		return b.db.InTx(context.Background(), func(tx db.Tx) error {
			_, err := b.replicas[i%2].Consume(context.Background(), tx, verification.SignUp, proof)
			return err
		})
	})
	if diff := cmp.Diff(map[latchkeyv1.Reason]int{latchkeyv1.Reason_REASON_UNSPECIFIED: 1, badProof: 49}, outcomes); diff != "" {
		t.Errorf("50 uses (-want +got):\n%s", diff)
	}
	refused(t, "peek after its use", peek(b, verification.SignUp, proof), badProof)
}

func TestOT11_AProofLivesFifteenMinutes(t *testing.T) {
	t.Parallel()

	b := setup(t)
	early, late := b.proof(verification.SignUp, to("early@example.com")), b.proof(verification.SignUp, to("late@example.com"))
	b.clock.Advance(proofTTL - time.Microsecond)
	if _, err := b.consume(verification.SignUp, early); err != nil {
		t.Errorf("a moment before its end: %v", err)
	}
	b.clock.Advance(time.Microsecond)
	refused(t, "peek at its end", peek(b, verification.SignUp, late), badProof)
	_, err := b.consume(verification.SignUp, late)
	refused(t, "consume at its end", err, badProof)
}

func TestOT11_ACodeIsNoProofBeforeItWasRight(t *testing.T) {
	t.Parallel()

	b := setup(t)
	started := b.start(verification.SignUp, to("ada@example.com"))
	code := b.code(started)
	for range 2 {
		refused(t, "peek", peek(b, verification.SignUp, started.Secret), badProof)
		_, err := b.consume(verification.SignUp, started.Secret)
		refused(t, "consume", err, badProof)
		refused(t, "a wrong code", b.check(started, wrong(code)), mismatch)
	}
	for _, unknown := range []string{"", "vrf_ABCDEFGHIJKLMNOPQRSTUVWXYZ", code.Reveal(), started.ID.String()} {
		refused(t, "peek "+unknown, peek(b, verification.SignUp, secret.NewText(unknown)), badProof)
	}
}

func TestAProofSurvivesARollback(t *testing.T) {
	t.Parallel()

	b := setup(t)
	proof := b.proof(verification.SignUp, to("ada@example.com"))
	elsewhere := errors.New("something else went wrong")
	err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		if _, err := b.replicas[0].Consume(t.Context(), tx, verification.SignUp, proof); err != nil {
			return err
		}
		return elsewhere
	})
	if !errors.Is(err, elsewhere) {
		t.Fatal(err)
	}
	if _, err := b.consume(verification.SignUp, proof); err != nil {
		t.Errorf("after the rollback: %v", err)
	}
}
