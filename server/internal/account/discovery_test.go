package account_test

import (
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

func TestID07_OpenDiscoveryRevealsAtOnce(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	env.Clock.Advance(2 * time.Minute)

	if available(t, env, &latchkeyv1.CheckAvailabilityRequest_Email{Email: "ada@example.com"}) {
		t.Error("the duplicate check does not reveal the account")
	}
	ada.AsksForCodeFails(signUp, latchkeyv1.Reason_REASON_EMAIL_TAKEN)
}

func TestID07_PrivateDiscoveryRevealsNothingBeforeAProof(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Discovery = account.Private }))
	ada := env.Person("ada@example.com")
	early := ada.ProvesEmail(signUp)
	env.Clock.Advance(2 * time.Minute)
	// Two proofs of the same address; the account is created with the newer one.
	ada.SignsUp()
	env.Clock.Advance(2 * time.Minute)

	if !available(t, env, &latchkeyv1.CheckAvailabilityRequest_Email{Email: "ada@example.com"}) {
		t.Error("the duplicate check reveals the account")
	}
	ada.AsksForCode(signUp)
	// The owner of the mailbox gets a notice without a code.
	if got := env.AwaitMessage("ada@example.com", 3); got.Code.Reveal() != "" || got.Subject.Reveal() != "You already have a Latchkey account" {
		t.Errorf("the mail says %q", got.Subject.Reveal())
	}

	// A user who signs up with another user's address, without a proof, learns nothing about it.
	bob := env.Person("bob@example.com")
	form := bob.Form(bob.ProvesEmail(signUp))
	form.VerificationIds = append(form.VerificationIds, early)
	bob.SendsFormFails(form, latchkeyv1.Reason_REASON_PROOF_INVALID)
}

func TestID07_PrivateDiscoveryKeepsAProvenPhoneToItself(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Discovery = account.Private }))
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	form := ada.Form(ada.ProvesEmail(signUp), env.ProvesPhone("+821012345678", signUp))
	form.Phone = "+821012345678"
	ada.SendsForm(form)

	form = bob.Form(bob.ProvesEmail(signUp))
	form.Phone = "+821012345678"
	if got := bob.SendsForm(form).GetUser(); got.GetPhoneVerified() {
		t.Errorf("the account is %v", got)
	}
	ada.SignsInByPhone("+821012345678")
	if ada.User.GetEmail() != "ada@example.com" {
		t.Errorf("the number opens %v", ada.User)
	}
}

// The other account cannot see what is sent to the number's owner, and its deletion deletes none of that.
func TestX7_OnlyTheOwnerSeesSendsToAProvenPhone(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Discovery = account.Private }))
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	form := ada.Form(ada.ProvesEmail(signUp), env.ProvesPhone("+821012345678", signUp))
	form.Phone = "+821012345678"
	ada.SendsForm(form)
	form = bob.Form(bob.ProvesEmail(signUp))
	form.Phone = "+821012345678"
	bob.SendsForm(form)

	admin := env.Administrator("admin@example.com")
	texts := func(p *latchkeytest.Person) (n int) {
		t.Helper()
		seen, err := env.Admin.GetUser(admin.As(), &latchkeyv1.GetUserRequest{UserId: p.User.GetId()})
		if err != nil {
			t.Fatal(err)
		}
		for _, send := range seen.GetSends() {
			if send.GetChannel() == "sms" {
				n++
			}
		}
		return n
	}
	if hers, his := texts(ada), texts(bob); hers != 1 || his != 0 {
		t.Errorf("support sees %d text messages to her, %d to him", hers, his)
	}
	if _, err := env.Account.DeleteAccount(bob.As(), &latchkeyv1.DeleteAccountRequest{}); err != nil {
		t.Fatal(err)
	}
	if hers := texts(ada); hers != 1 {
		t.Errorf("after the end of his account, support sees %d text messages to her", hers)
	}
}
