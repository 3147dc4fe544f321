package account_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// Each story creates its own people.
func TestPasswords(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"PW07_ChangingThePasswordNeedsTheCurrentOne":       storyChangeNeedsTheCurrentPassword,
		"PW01_ThePolicyIsTheSameEverywhere":                storyOnePolicy,
		"PW08_AChangeEndsOtherSessionsAndOpenCodes":        storyAChangeEndsTheRest,
		"PW08_AResetEndsEverySession":                      storyAResetEndsEverySession,
		"RC01_OnlyTheProofOfTheSameAccountSetsItsPassword": storyProofOfTheSameAccount,
		"RC05_AskingForAResetChangesNothing":               storyAskingChangesNothing,
		"ADisabledAccountIsToldOnlyAfterARightPassword":    storyDisabledIsToldAfterTheRightPassword,
	})
}

func storyChangeNeedsTheCurrentPassword(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("ada@example.com")
	ada.SignsUp()

	_, err := env.Account.ChangePassword(ada.As(), &latchkeyv1.ChangePasswordRequest{
		CurrentPassword: "Wrong-horse1", NewPassword: "Another-horse2",
	})
	env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	ada.SignsIn()
	if diff := cmp.Diff([]string{"signed_in", "password_refused", "signed_up"}, ada.Activity()); diff != "" {
		t.Error(diff)
	}
}

func storyOnePolicy(t *testing.T, env *latchkeytest.Env) {
	alan := env.Person("alan@example.com")
	alan.SignsUp()
	proof := alan.ProvesEmail(resetPassword)
	barbara := env.Person("barbara@example.com")
	barbarasProof := barbara.ProvesEmail(signUp)

	for _, weak := range []string{"Ab1!", "correct-horse1", "Correct-horse", "Correcthorse1", "12345678!", "Correct-horse-battery1"} {
		form := barbara.Form(barbarasProof)
		form.Password = weak
		atSignUp := barbara.SendsFormFails(form, latchkeyv1.Reason_REASON_PASSWORD_POLICY)
		_, err := env.Account.ChangePassword(alan.As(), &latchkeyv1.ChangePasswordRequest{
			CurrentPassword: alan.Password, NewPassword: weak,
		})
		atChange := env.Refused(err, latchkeyv1.Reason_REASON_PASSWORD_POLICY)
		atReset := alan.ResetsPasswordFails(proof, weak, latchkeyv1.Reason_REASON_PASSWORD_POLICY)

		want := brokenRules(atSignUp, "password")
		if diff := cmp.Diff(want, brokenRules(atChange, "newPassword")); diff != "" || len(want) == 0 {
			t.Errorf("%q at change: %s", weak, diff)
		}
		if diff := cmp.Diff(want, brokenRules(atReset, "newPassword")); diff != "" {
			t.Errorf("%q at reset: %s", weak, diff)
		}
	}
	// None of it has used the proofs up.
	alan.ResetsPassword(proof, "Another-horse2")
	barbara.SendsForm(barbara.Form(barbarasProof))
}

func brokenRules(detail *latchkeyv1.ErrorDetail, field string) []string {
	var broken []string
	for _, v := range detail.GetViolations() {
		if v.GetField() == field {
			broken = append(broken, v.GetRule())
		}
	}
	return broken
}

func storyAChangeEndsTheRest(t *testing.T, env *latchkeytest.Env) {
	claude := env.Person("claude@example.com")
	claude.SignsUp()
	phone := *claude
	phone.SignsIn()
	codeProof := claude.ProvesEmail(signIn)
	resetProof := claude.ProvesEmail(resetPassword)

	claude.ChangesPassword("Another-horse2")

	claude.SeesProfile()
	phone.LosesSession(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	_, err := env.Auth.SignInWithCode(t.Context(), &latchkeyv1.SignInWithCodeRequest{VerificationId: codeProof})
	env.Refused(err, latchkeyv1.Reason_REASON_PROOF_INVALID)
	claude.ResetsPasswordFails(resetProof, "Third-horse3", latchkeyv1.Reason_REASON_PROOF_INVALID)
	claude.SignsInFails("Correct-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	claude.SignsIn()
	// Three codes, then the notice.
	if got := claude.ReadsNotice(4); got != "Your Latchkey password was changed" {
		t.Errorf("the owner got %q", got)
	}
}

func storyAResetEndsEverySession(t *testing.T, env *latchkeytest.Env) {
	dorothy := env.Person("dorothy@example.com")
	dorothy.SignsUp()
	open := dorothy.AsksForCode(signIn)
	code := dorothy.ReadsCode()

	dorothy.ResetsPassword(dorothy.ProvesEmail(resetPassword), "Another-horse2")

	dorothy.LosesSession(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	dorothy.EntersCodeFails(open.GetVerificationId(), code, latchkeyv1.Reason_REASON_CODE_SPENT)
	dorothy.SignsIn()
	if diff := cmp.Diff([]string{"signed_in", "password_reset", "signed_up"}, dorothy.Activity()); diff != "" {
		t.Error(diff)
	}
}

func storyProofOfTheSameAccount(_ *testing.T, env *latchkeytest.Env) {
	edsger, mallory := env.Person("edsger@example.com"), env.Person("mallory@example.com")
	edsger.SignsUp()
	mallory.SignsUp()

	// A proof for another purpose, a code that was not entered, an unknown id.
	asked := mallory.AsksForCode(resetPassword)
	mallory.ReadsCode()
	for _, v := range []string{mallory.ProvesEmail(signIn), asked.GetVerificationId(), "vrf_UNKNOWN"} {
		mallory.ResetsPasswordFails(v, "Another-horse2", latchkeyv1.Reason_REASON_PROOF_INVALID)
	}
	edsger.SignsIn()
	mallory.SignsIn()
	edsger.SeesProfile()
}

func TestRC02_AResetProofWorksOnceAndDiesWithANewerOne(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()

	older := ada.ProvesEmail(resetPassword)
	env.Clock.Advance(2 * time.Minute)
	newer := ada.ProvesEmail(resetPassword)
	ada.ResetsPasswordFails(older, "Another-horse2", latchkeyv1.Reason_REASON_PROOF_INVALID)

	// Of many concurrent calls, one wins.
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		won   []string
	)
	for _, chosen := range []string{"Horse-number1", "Horse-number2", "Horse-number3", "Horse-number4", "Horse-number5"} {
		group.Go(func() {
			_, err := env.Auth.ResetPassword(t.Context(), &latchkeyv1.ResetPasswordRequest{
				VerificationId: newer, NewPassword: chosen,
			})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won = append(won, chosen)
			} else if got := latchkeytest.Detail(err).GetReason(); got != latchkeyv1.Reason_REASON_PROOF_INVALID {
				t.Errorf("the previous holder got %v", err)
			}
		})
	}
	group.Wait()
	if len(won) != 1 {
		t.Fatalf("the proof was used by %v", won)
	}
	ada.Password = won[0]
	ada.SignsIn()

	env.Clock.Advance(2 * time.Minute)
	late := ada.ProvesEmail(resetPassword)
	env.Clock.Advance(15 * time.Minute)
	ada.ResetsPasswordFails(late, "Another-horse2", latchkeyv1.Reason_REASON_PROOF_INVALID)
}

func storyAskingChangesNothing(_ *testing.T, env *latchkeytest.Env) {
	frances := env.Person("frances@example.com")
	frances.SignsUp()

	frances.AsksForCode(resetPassword)
	frances.AsksForCodeFails(resetPassword, latchkeyv1.Reason_REASON_TOO_MANY_SENDS)
	frances.SeesProfile()
	frances.SignsIn()
}

func TestOT11_AProofForSigningInSignsInOnce(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()

	proof := ada.ProvesEmail(signIn)
	ada.SignsInWithCode(proof)
	ada.SeesProfile()
	_, err := env.Auth.SignInWithCode(t.Context(), &latchkeyv1.SignInWithCodeRequest{VerificationId: proof})
	env.Refused(err, latchkeyv1.Reason_REASON_PROOF_INVALID)

	if _, err := env.DB.Exec(t.Context(), "UPDATE users SET disabled_at = now()"); err != nil {
		t.Fatal(err)
	}
	env.Clock.Advance(2 * time.Minute)
	_, err = env.Auth.SignInWithCode(t.Context(), &latchkeyv1.SignInWithCodeRequest{VerificationId: ada.ProvesEmail(signIn)})
	env.Refused(err, latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
}

func storyDisabledIsToldAfterTheRightPassword(t *testing.T, env *latchkeytest.Env) {
	grace := env.Person("grace@example.com")
	grace.SignsUp()
	if _, err := env.DB.Exec(t.Context(), "UPDATE users SET disabled_at = now() WHERE email = $1", grace.Mailbox); err != nil {
		t.Fatal(err)
	}

	grace.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	grace.SignsInFails(grace.Password, latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
	grace.LosesSession(latchkeyv1.Reason_REASON_ACCOUNT_DISABLED)
}
