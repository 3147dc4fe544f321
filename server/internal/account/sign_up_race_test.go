package account_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

const crowd = 50

// one is the expected outcome of a race for one thing.
func one(lost latchkeyv1.Reason) map[latchkeyv1.Reason]int {
	return map[latchkeyv1.Reason]int{success: 1, lost: crowd - 1}
}

// oneAccount checks that one account was created with addresses like this, with one of everything.
func (b *bundle) oneAccount(addresses string) {
	b.t.Helper()
	for name, query := range map[string]string{
		"accounts":  "SELECT count(*) FROM users WHERE email LIKE $1",
		"passwords": "SELECT count(*) FROM passwords JOIN users ON users.id = user_id WHERE email LIKE $1",
		"sessions":  "SELECT count(*) FROM sessions JOIN users ON users.id = user_id WHERE email LIKE $1",
		"proofs":    "SELECT count(*) FROM verifications WHERE consumed_at IS NOT NULL AND contact LIKE $1",
	} {
		if n := b.count(query, addresses); n != 1 {
			b.t.Errorf("there are %d %s", n, name)
		}
	}
}

func TestID01_OneAccountUnderAnyRace(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for name, race := range map[string]func(t *testing.T, b *bundle){
		"PerAddress": racePerAddress, "PerNickname": racePerNickname, "PerPhone": racePerPhone,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			race(t, b.sharedBy(t))
		})
	}
}

func racePerAddress(t *testing.T, b *bundle) {
	spellings := []string{
		"ada@bücher.example", "Ada@Bücher.Example", "ADA@BÜCHER.EXAMPLE", "ada@xn--bcher-kva.example",
		" ada@bücher.example\t", "ａｄａ@bücher.example", "ada@bu\u0308cher.example",
	}
	var proofs []secret.Text
	for range crowd {
		proofs = append(proofs, b.proof(verification.SignUp, email("ada@xn--bcher-kva.example")))
	}
	outcomes := together(t, crowd, func(i int) error {
		_, err := b.accounts.SignUp(t.Context(), form(spellings[i%len(spellings)], fmt.Sprintf("ada%d", i), proofs[i]))
		return err
	})
	if diff := cmp.Diff(one(latchkeyv1.Reason_REASON_EMAIL_TAKEN), outcomes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b.oneAccount("ada@xn--bcher-kva.example")
}

func racePerNickname(t *testing.T, b *bundle) {
	spellings := []string{"Straße", "straße", "STRASSE", "strasse", "ＳＴＲＡＳＳＥ", "ｓｔｒａｓｓｅ", "StrAsSe"}
	proofs := make([]secret.Text, crowd)
	for i := range proofs {
		proofs[i] = b.proof(verification.SignUp, email(fmt.Sprintf("nick%d@example.com", i)))
	}
	outcomes := together(t, crowd, func(i int) error {
		_, err := b.accounts.SignUp(t.Context(), form(fmt.Sprintf("nick%d@example.com", i), spellings[i%len(spellings)], proofs[i]))
		return err
	})
	if diff := cmp.Diff(one(latchkeyv1.Reason_REASON_NICKNAME_TAKEN), outcomes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b.oneAccount("nick%@example.com")
}

func racePerPhone(t *testing.T, b *bundle) {
	spellings := []string{"010-1234-5678", "+82 10 1234 5678", "01012345678", "０１０１２３４５６７８", "+82-010-1234-5678", "82 10 1234 5678"}
	phone := verification.Contact{Channel: verification.Phone, Value: "+821012345678"}
	type pair struct{ email, phone secret.Text }
	proofs := make([]pair, crowd)
	for i := range proofs {
		proofs[i] = pair{b.proof(verification.SignUp, email(fmt.Sprintf("phone%d@example.com", i))), b.proof(verification.SignUp, phone)}
	}
	outcomes := together(t, crowd, func(i int) error {
		in := form(fmt.Sprintf("phone%d@example.com", i), fmt.Sprintf("phone%d", i), proofs[i].email, proofs[i].phone)
		in.Phone = spellings[i%len(spellings)]
		_, err := b.accounts.SignUp(t.Context(), in)
		return err
	})
	if diff := cmp.Diff(one(latchkeyv1.Reason_REASON_PHONE_TAKEN), outcomes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	b.oneAccount("phone%@example.com")
}

// The same form twice, as by a double click, and the two proofs named in another order each time: the calls must not wait
// for each other in a circle.
func TestOT11_AProofIsUsedOnceUnderAnyRace(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range 3 {
		address, phone := fmt.Sprintf("ada%d@example.com", round), fmt.Sprintf("+82101234567%d", round)
		first := b.proof(verification.SignUp, email(address))
		second := b.proof(verification.SignUp, verification.Contact{Channel: verification.Phone, Value: phone})
		outcomes := together(t, crowd, func(i int) error {
			in := form(address, fmt.Sprintf("ada%d-%d", round, i), first, second)
			if i%2 == 1 {
				in.Verifications = []secret.Text{second, first}
			}
			in.Phone = phone
			_, err := b.accounts.SignUp(t.Context(), in)
			return err
		})
		lost := outcomes[latchkeyv1.Reason_REASON_PROOF_INVALID] + outcomes[latchkeyv1.Reason_REASON_EMAIL_TAKEN]
		if outcomes[success] != 1 || lost != crowd-1 {
			t.Errorf("round %d: %v", round, outcomes)
		}
	}
}

// The proof is valid when the sign-up checks it, and used when it tries to use it.
func TestOT11_AProofThatIsUsedMeanwhileMakesNoAccount(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	proof := b.proof(verification.SignUp, email("ada@example.com"))
	err := b.meanwhile(func() error {
		_, err := b.accounts.SignUp(context.Background(), form("ada@example.com", "ada", proof))
		return err
	}, func(ctx context.Context, tx db.Tx) error {
		_, err := b.verifications.Consume(ctx, tx, verification.SignUp, proof)
		return err
	})
	if got := reason(t, err); got != latchkeyv1.Reason_REASON_PROOF_INVALID {
		t.Errorf("the sign-up: %v", got)
	}
	if n := b.count("SELECT count(*) FROM users"); n != 0 {
		t.Errorf("there are %d accounts", n)
	}
}
