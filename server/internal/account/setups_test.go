package account_test

import (
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const (
	signIn        = latchkeyv1.Purpose_PURPOSE_SIGN_IN
	resetPassword = latchkeyv1.Purpose_PURPOSE_RESET_PASSWORD
	changeContact = latchkeyv1.Purpose_PURPOSE_CHANGE_CONTACT
)

// provenPhone is the set-up in which the phone is proven, and an e-mail address is asked for and not proven.
func provenPhone() latchkeytest.Option {
	return latchkeytest.With(func(s *settings.Settings) {
		s.Accounts.Phone, s.Accounts.Email = account.Verified, account.Required
	})
}

// The whole story of an account, in the two classic set-ups.
func TestSetups(t *testing.T) {
	t.Parallel()

	t.Run("ProvenEmailOptionalPhone", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t)
		ada := env.Person("ada@example.com")

		if !available(t, env, &latchkeyv1.CheckAvailabilityRequest_Email{Email: "ada@example.com"}) {
			t.Error("the address is not free before anybody has it")
		}
		form := ada.Form(ada.ProvesEmail(signUp), env.ProvesPhone("+821012345678", signUp))
		form.Phone = "010-1234-5678"
		answer := ada.SendsForm(form)
		if u := answer.GetUser(); !u.GetEmailVerified() || !u.GetPhoneVerified() || u.GetPhone() != "+821012345678" {
			t.Errorf("the account is %v", u)
		}
		if available(t, env, &latchkeyv1.CheckAvailabilityRequest_Email{Email: "ADA@EXAMPLE.com"}) ||
			available(t, env, &latchkeyv1.CheckAvailabilityRequest_Phone{Phone: "+82 010-1234-5678"}) ||
			available(t, env, &latchkeyv1.CheckAvailabilityRequest_Nickname{Nickname: "ADA"}) {
			t.Error("what the account has is free")
		}
		ada.SignsIn()
		ada.SignsInByPhone("8201012345678")
		if got := ada.SeesProfile(); got.GetId() != answer.GetUser().GetId() {
			t.Errorf("the profile is %v", got)
		}
		ada.ResetsPassword(ada.ProvesEmail(resetPassword), "Another-horse2")
		ada.SignsInFails("Correct-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		ada.SignsInByPhone("010 1234 5678")
	})

	t.Run("ProvenPhonePlainEmail", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t, provenPhone())
		ada := env.Person("ada@example.com")

		if !available(t, env, &latchkeyv1.CheckAvailabilityRequest_Phone{Phone: "010-1234-5678"}) {
			t.Error("the number is not free before anybody has it")
		}
		form := ada.Form(env.ProvesPhone("+821012345678", signUp))
		form.Phone = "010.1234.5678"
		answer := ada.SendsForm(form)
		if u := answer.GetUser(); u.GetEmailVerified() || !u.GetPhoneVerified() {
			t.Errorf("the account is %v", u)
		}
		ada.SignsIn()
		ada.SignsInByPhone("01012345678")
		if got := ada.SeesProfile(); got.GetEmail() != "ada@example.com" {
			t.Errorf("the profile is %v", got)
		}
		ada.ResetsPassword(env.ProvesPhone("+821012345678", resetPassword), "Another-horse2")
		ada.SignsIn()
		ada.SignsInByPhone("+821012345678")
	})
}

// If the settings require no proof, an address without a proof can sign in with the password, and nothing else. It never gets a
// code, and does not keep its owner from signing up.
func TestID05_AnUnprovenContactOpensNothing(t *testing.T) {
	t.Parallel()

	t.Run("OptionalPhone", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t)
		mallory := env.Person("mallory@example.com")
		form := mallory.Form(mallory.ProvesEmail(signUp))
		form.Phone = "+821012345678"
		mallory.SendsForm(form)

		_, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Phone{Phone: "+821012345678"}, Password: mallory.Password,
		})
		env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		nothingIsSent(t, env, "+821012345678", signIn)
		nothingIsSent(t, env, "+821012345678", resetPassword)
	})

	t.Run("TheOwnerTakesItOver", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t, provenPhone())
		mallory, ada := env.Person("ada@example.com"), env.Person("ada@example.com")
		mallory.Nickname = "mallory"
		form := mallory.Form(env.ProvesPhone("+821099998888", signUp))
		form.Phone = "+821099998888"
		mallory.SendsForm(form)

		// Ada signs up with the same address, and proves it.
		form = ada.Form(ada.ProvesEmail(signUp), env.ProvesPhone("+821012345678", signUp))
		form.Phone = "+821012345678"
		ada.Password = "Another-horse2"
		form.Password = ada.Password
		ada.SendsForm(form)

		if got := mallory.SeesProfile(); got.GetEmail() != "" {
			t.Errorf("the former holder still has %q", got.GetEmail())
		}
		ada.SignsIn()
		mallory.SignsInFails(mallory.Password, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		mallory.SignsInByPhone("+821099998888")
		if events := mallory.Activity(); events[1] != "contact_lost" {
			t.Errorf("the former holder's activity is %v", events)
		}
		// The first message was the code.
		if notice := env.AwaitMessage("+821099998888", 2); notice.Code.Reveal() != "" {
			t.Error("the former holder is sent a code instead of a notice")
		}
	})

	t.Run("SomebodyElseWithoutProofDoesNot", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t, provenPhone())
		ada, mallory := env.Person("ada@example.com"), env.Person("ada@example.com")
		mallory.Nickname, mallory.Password = "mallory", "Another-horse2"
		for person, number := range map[*latchkeytest.Person]string{ada: "+821012345678"} {
			form := person.Form(env.ProvesPhone(number, signUp))
			form.Phone = number
			person.SendsForm(form)
		}
		form := mallory.Form(env.ProvesPhone("+821099998888", signUp))
		form.Phone = "+821099998888"
		mallory.SendsForm(form)

		// The address opens the account that has held it longest.
		if got := ada.SignsIn(); got.GetUser().GetPhone() != "+821012345678" {
			t.Errorf("the address signs in to %v", got.GetUser())
		}
		mallory.SignsInFails(mallory.Password, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	})
}

// nothingIsSent asks for a code and sees that the answer is like any other, and that nothing arrives.
func nothingIsSent(t *testing.T, env *latchkeytest.Env, number string, purpose latchkeyv1.Purpose) {
	t.Helper()
	before, _ := env.Outbox.List(number)
	sent, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
		Purpose: purpose, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: number},
	})
	if err != nil || sent.GetVerificationId() == "" {
		t.Errorf("asking for a code answers %v, %v", sent, err)
	}
	env.AwaitJobs()
	if after, _ := env.Outbox.List(number); len(after) != len(before) {
		t.Errorf("%s is sent %v", number, after[0].Subject.Reveal())
	}
}

func available[T any](t *testing.T, env *latchkeytest.Env, contact T) bool {
	t.Helper()
	request := &latchkeyv1.CheckAvailabilityRequest{}
	switch c := any(contact).(type) {
	case *latchkeyv1.CheckAvailabilityRequest_Email:
		request.Contact = c
	case *latchkeyv1.CheckAvailabilityRequest_Phone:
		request.Contact = c
	case *latchkeyv1.CheckAvailabilityRequest_Nickname:
		request.Contact = c
	}
	answer, err := env.Auth.CheckAvailability(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	return answer.GetAvailable()
}
