package account_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

const (
	adasAddress = "ada@example.com"
	adasNumber  = "+821012345678"
	newAddress  = "lovelace@example.com"
	newNumber   = "+821055556666"
)

// signsUpWithBoth creates an account with a proven address and a proven number.
func signsUpWithBoth(env *latchkeytest.Env, p *latchkeytest.Person, number string) {
	env.T.Helper()
	form := p.Form(p.ProvesEmail(signUp), env.ProvesPhone(number, signUp))
	form.Phone = number
	p.SendsForm(form)
}

var digitsOfACode = regexp.MustCompile(`[0-9]{6}`)

// notices waits until all jobs have ended, and counts the notices to each contact: all messages except codes. None of them may
// contain a secret, or the new contact.
func notices(env *latchkeytest.Env, contacts ...string) map[string]int {
	env.T.Helper()
	env.AwaitJobs()
	told := map[string]int{}
	for _, to := range contacts {
		messages, _ := env.Outbox.List(to)
		for _, m := range messages {
			if !m.Code.Empty() {
				continue
			}
			told[to]++
			text := m.Subject.Reveal() + "\n" + m.Text.Reveal()
			if digitsOfACode.MatchString(text) {
				env.T.Errorf("the notice to %s holds digits like a code's:\n%s", to, text)
			}
			for _, secret := range []string{newAddress, newNumber, "vrf_", latchkeytest.Password, "Another-horse2"} {
				if strings.Contains(text, secret) {
					env.T.Errorf("the notice to %s holds %q:\n%s", to, secret, text)
				}
			}
		}
	}
	return told
}

func TestRC06_EveryProvenContactGetsANotice(t *testing.T) {
	t.Parallel()

	both := map[string]int{adasAddress: 1, adasNumber: 1}
	for name, c := range map[string]struct {
		// phone is whether the account has a proven number before.
		phone bool
		does  func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person)
		want  map[string]int
	}{
		"OfAPasswordChange": {true, func(_ *testing.T, _ *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.ChangesPassword("Another-horse2")
		}, both},
		"OfAResetByMail": {true, func(_ *testing.T, _ *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.ResetsPassword(ada.ProvesEmail(resetPassword), "Another-horse2")
		}, both},
		"OfAResetByPhone": {true, func(_ *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.ResetsPassword(env.ProvesPhone(adasNumber, resetPassword), "Another-horse2")
		}, both},
		"OfANewAddress": {true, func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			changes(t, env, ada, env.Person(newAddress).ProvesEmail(changeContact))
		}, both},
		"OfANewNumber": {true, func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			changes(t, env, ada, env.ProvesPhone(newNumber, changeContact))
		}, both},
		"OfAnAddedNumber": {false, func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			changes(t, env, ada, env.ProvesPhone(newNumber, changeContact))
		}, map[string]int{adasAddress: 1}},
		"OfNothingWhenItIsRefused": {true, func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			if _, err := change(t, env, ada, "vrf_UNKNOWN"); err == nil {
				t.Error("an unknown proof changes the contact")
			}
			ada.ResetsPasswordFails("vrf_UNKNOWN", "Another-horse2", proofInvalid)
		}, map[string]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			ada := env.Person(adasAddress)
			if c.phone {
				signsUpWithBoth(env, ada, adasNumber)
			} else {
				ada.SignsUp()
			}
			if told := notices(env, adasAddress, adasNumber); len(told) > 0 {
				t.Fatalf("before any event, the owner got %v", told)
			}
			c.does(t, env, ada)
			if diff := cmp.Diff(c.want, notices(env, adasAddress, adasNumber, newAddress, newNumber)); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
		})
	}
}

// Notices go to proven contacts: a contact that was entered without a proof may belong to another person.
func TestRC06_AnUnprovenContactGetsNoNotice(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	form := ada.Form(ada.ProvesEmail(signUp))
	form.Phone = adasNumber
	ada.SendsForm(form)

	ada.ChangesPassword("Another-horse2")
	ada.ResetsPassword(ada.ProvesEmail(resetPassword), "Third-horse3")
	ada.SignsIn()
	afterwards(env)
	changes(t, env, ada, env.Person(newAddress).ProvesEmail(changeContact))
	if diff := cmp.Diff(map[string]int{adasAddress: 3}, notices(env, adasAddress, adasNumber, newAddress)); diff != "" {
		t.Errorf("notices (-want +got):\n%s", diff)
	}
}

// changes changes a contact of an account.
func changes(t *testing.T, env *latchkeytest.Env, p *latchkeytest.Person, proof string) {
	t.Helper()
	if _, err := change(t, env, p, proof); err != nil {
		t.Fatalf("%s changes a contact: %v", p.Email, err)
	}
}

// afterwards lets a minute pass, so that it is clear what came first.
func afterwards(env *latchkeytest.Env) { env.Clock.Advance(time.Minute) }

func TestID06_OlderPendingChangesDie(t *testing.T) {
	t.Parallel()

	for name, happens := range map[string]func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person){
		"WithAPasswordChange": func(_ *testing.T, _ *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.ChangesPassword("Another-horse2")
		},
		"WithAReset": func(_ *testing.T, _ *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.ResetsPassword(ada.ProvesEmail(resetPassword), "Another-horse2")
			ada.SignsIn()
		},
		"WithANewAddress": func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			lovelace := env.Person(newAddress)
			changes(t, env, ada, lovelace.ProvesEmail(changeContact))
			ada.Email = newAddress
		},
		"WithANewNumber": func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			changes(t, env, ada, env.ProvesPhone(newNumber, changeContact))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			ada := env.Person(adasAddress)
			signsUpWithBoth(env, ada, adasNumber)
			afterwards(env)
			const pendingAddress, pendingNumber = "pending@example.com", "+821077778888"
			byMail := env.Person(pendingAddress).ProvesEmail(changeContact)
			byPhone := env.ProvesPhone(pendingNumber, changeContact)
			afterwards(env)

			happens(t, env, ada)

			afterwards(env)
			for what, proof := range map[string]string{"address": byMail, "number": byPhone} {
				if _, err := change(t, env, ada, proof); reasonOf(err) != proofInvalid {
					t.Errorf("the older proof of another %s: %v", what, err)
				}
			}
			ada.SignsIn()
			for what, proof := range map[string]string{"address": byMail, "number": byPhone} {
				if _, err := change(t, env, ada, proof); reasonOf(err) != proofInvalid {
					t.Errorf("after signing in again, the older proof of another %s: %v", what, err)
				}
			}
			// A proof that is made from now on is good.
			afterwards(env)
			pending := env.Person(pendingAddress)
			pending.Mailbox = pendingAddress
			sent := pending.AsksForCode(changeContact)
			pending.EntersCode(sent.GetVerificationId(), env.AwaitCode(pendingAddress, 2).Code.Reveal())
			user, err := change(t, env, ada, sent.GetVerificationId())
			if err != nil || user.GetEmail() != pendingAddress {
				t.Errorf("a newer proof: %v, %v", user, err)
			}
		})
	}
}

func TestRC02_AResetProofDiesWithAnIdentifierChange(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		reset, changed func(env *latchkeytest.Env, ada *latchkeytest.Person) string
	}{
		"ByPhoneWhenTheAddressChanges": {provesNumber(adasNumber, resetPassword), provesAddress(newAddress, changeContact)},
		"ByMailWhenTheAddressChanges":  {provesAddress(adasAddress, resetPassword), provesAddress(newAddress, changeContact)},
		"ByMailWhenTheNumberChanges":   {provesAddress(adasAddress, resetPassword), provesNumber(newNumber, changeContact)},
		"ByPhoneWhenTheNumberChanges":  {provesNumber(adasNumber, resetPassword), provesNumber(newNumber, changeContact)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			ada := env.Person(adasAddress)
			signsUpWithBoth(env, ada, adasNumber)
			afterwards(env)
			reset := c.reset(env, ada)
			afterwards(env)
			changes(t, env, ada, c.changed(env, ada))
			afterwards(env)

			ada.ResetsPasswordFails(reset, "Another-horse2", proofInvalid)
		})
	}

	t.Run("ByMailWhenANumberIsAdded", func(t *testing.T) {
		t.Parallel()
		env := latchkeytest.New(t)
		ada := env.Person(adasAddress)
		ada.SignsUp()
		afterwards(env)
		reset := ada.ProvesEmail(resetPassword)
		afterwards(env)
		changes(t, env, ada, env.ProvesPhone(newNumber, changeContact))
		ada.ResetsPasswordFails(reset, "Another-horse2", proofInvalid)
		ada.SignsIn()
	})
}

func provesNumber(number string, purpose purposeOfCode) func(*latchkeytest.Env, *latchkeytest.Person) string {
	return func(env *latchkeytest.Env, _ *latchkeytest.Person) string { return env.ProvesPhone(number, purpose) }
}

func provesAddress(address string, purpose purposeOfCode) func(*latchkeytest.Env, *latchkeytest.Person) string {
	return func(env *latchkeytest.Env, ada *latchkeytest.Person) string {
		if address == ada.Email {
			return ada.ProvesEmail(purpose)
		}
		return env.Person(address).ProvesEmail(purpose)
	}
}

// Only the message about a sign-in on a new device contains a link. The server makes it from its own settings. It is in the
// templates of the mail and the SMS, there in each line except the last; one of these lines is sent.
func TestRC04_NoOtherMessageHoldsALink(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../notify/templates/*")
	if err != nil || len(files) < 10 {
		t.Fatalf("there are %d templates: %v", len(files), err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		text, allowed := strings.ToLower(string(data)), map[string]int{}
		switch name := filepath.Base(file); {
		case strings.HasPrefix(name, "signed_in_elsewhere.email."):
			allowed["{{.link"] = 1
		case strings.HasPrefix(name, "signed_in_elsewhere.sms."):
			allowed["{{.link"] = strings.Count(text, "\n") - 1
		case name == "mail.html":
			allowed["{{.link"], allowed["href"] = 1, 1
		}
		for _, link := range []string{"http", "www.", "://", "href", "{{.url", "{{.link"} {
			if strings.Count(text, link) != allowed[link] {
				t.Errorf("%s holds %q", filepath.Base(file), link)
			}
		}
	}
}

// Where an address needs no proof, a user who enters another person's address must not see that person's attempts.
func TestID05_FailuresWithAnUnprovenAddressAreNotRecorded(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, provenPhone())
	mallory := env.Person(adasAddress)
	form := mallory.Form(env.ProvesPhone(adasNumber, signUp))
	form.Phone = adasNumber
	mallory.SendsForm(form)

	for range 3 {
		mallory.SignsInFails("Wrong-horse1", credentialsInvalid)
	}
	if diff := cmp.Diff([]string{"signed_up"}, mallory.Activity()); diff != "" {
		t.Errorf("the activity (-want +got):\n%s", diff)
	}
	// A failure with the account's own proven number is in its activity.
	refusedByPhone(env, adasNumber, "Wrong-horse1")
	if diff := cmp.Diff([]string{"sign_in_failed", "signed_up"}, mallory.Activity()); diff != "" {
		t.Errorf("the activity (-want +got):\n%s", diff)
	}
}
