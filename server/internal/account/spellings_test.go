package account_test

import (
	"encoding/json"
	"os"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// spellingsOf returns every spelling of a number in the corpus of package contact, as users in Korea may write it.
func spellingsOf(t *testing.T, canonical string) []string {
	t.Helper()
	data, err := os.ReadFile("../contact/testdata/phones.json")
	if err != nil {
		t.Fatal(err)
	}
	var corpus []struct {
		Input, Canonical, Rule string
		Region                 *string
	}
	if err := json.Unmarshal(data, &corpus); err != nil {
		t.Fatal(err)
	}
	var spellings []string
	for _, line := range corpus {
		if line.Canonical == canonical && line.Rule == "" && (line.Region == nil || *line.Region == "KR") {
			spellings = append(spellings, line.Input)
		}
	}
	if len(spellings) < 40 {
		t.Fatalf("the corpus has %d spellings of %s", len(spellings), canonical)
	}
	return spellings
}

func TestID03_EverySpellingMeetsTheSameAccount(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, rules(account.Optional, account.Verified))
	ada := env.Person("")
	ada.SendsForm(&latchkeyv1.SignUpRequest{
		Phone: "010-1234-5678", Name: "Ada", Nickname: "ada", Password: ada.Password, Role: "trainee",
		VerificationIds: []string{env.ProvesPhone(number, signUp)},
	})
	for _, spelling := range spellingsOf(t, number) {
		answer, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Phone{Phone: spelling}, Password: ada.Password,
		})
		if err != nil || answer.GetUser().GetId() != ada.User.GetId() {
			t.Errorf("%q signs in to %v: %v", spelling, answer.GetUser(), err)
		}
		free, err := env.Auth.CheckAvailability(t.Context(), &latchkeyv1.CheckAvailabilityRequest{
			Contact: &latchkeyv1.CheckAvailabilityRequest_Phone{Phone: spelling},
		})
		if err != nil || free.GetAvailable() {
			t.Errorf("%q is said to be free: %v, %v", spelling, free, err)
		}
	}
}

// One counter for all spellings: the second request within the minute is refused, however the number is written.
func TestID03_EverySpellingMeetsTheSameCounter(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	for i, spelling := range spellingsOf(t, number) {
		_, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
			Purpose: signIn, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: spelling},
		})
		if i == 0 && err != nil {
			t.Fatal(err)
		}
		if i > 0 && reasonOf(err) != tooManySends {
			t.Errorf("%q: %v", spelling, err)
		}
	}
}
