package account_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/unicode/norm"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const passwordPolicy = latchkeyv1.Reason_REASON_PASSWORD_POLICY

// modern is the policy of requirement group 1.
func modern(more ...func(*settings.Settings)) latchkeytest.Option {
	return latchkeytest.With(func(s *settings.Settings) {
		s.Passwords.Policy = password.Modern().Name()
		for _, change := range more {
			change(s)
		}
	})
}

// unweak is good by the modern policy, and by no rule of composition.
const unweak = "a quiet river of glass"

func TestPW05_ModernRefusesTheSameAtAllThreePlaces(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, modern())
	ada := env.Person("countess.lovelace@example.com")
	ada.Nickname, ada.Password = "grasshopper", unweak
	// The number is written as users write it, unlike the stored form.
	form := ada.Form(ada.ProvesEmail(signUp), env.ProvesPhone("+821012345678", signUp))
	form.Phone, form.Name = "010-1234-5678", "Ada Byron"

	const common, own, short = password.RuleCommon, password.RuleContainsIdentifier, password.RuleMinLength
	weak := map[string][]string{
		"password":                      {common},
		"Password1!":                    {common},
		"qwertyuiop":                    {common},
		"countess.lovelace":             {own},
		"countess.lovelace@example.com": {own},
		"COUNTESS.LOVELACE@EXAMPLE.COM": {own},
		"my number is 01012345678":      {own},
		"010-1234-5678 a b":             {own},
		"+821012345678":                 {common, own},
		"the grasshopper sleeps":        {own},
		"Gr4sshopper!":                  {own},
		"latchkey forever":              {own},
		"zq7 x!v":                       {short},
	}
	atSignUp := map[string][]string{}
	for text := range weak {
		form.Password = text
		atSignUp[text] = brokenRules(ada.SendsFormFails(form, passwordPolicy), "password")
	}
	form.Password = unweak
	ada.SendsForm(form)
	proof := ada.ProvesEmail(resetPassword)
	atChange, atReset := map[string][]string{}, map[string][]string{}
	for text := range weak {
		_, err := env.Account.ChangePassword(ada.As(), &latchkeyv1.ChangePasswordRequest{
			CurrentPassword: ada.Password, NewPassword: text,
		})
		atChange[text] = brokenRules(env.Refused(err, passwordPolicy), "newPassword")
		atReset[text] = brokenRules(ada.ResetsPasswordFails(proof, text, passwordPolicy), "newPassword")
	}
	for place, got := range map[string]map[string][]string{"sign-up": atSignUp, "change": atChange, "reset": atReset} {
		if diff := cmp.Diff(weak, got); diff != "" {
			t.Errorf("at %s (-want +got):\n%s", place, diff)
		}
	}
	// None of it has changed anything, or used the proof up.
	ada.SignsIn()
	ada.ResetsPassword(proof, unweak+" again")
	ada.SignsIn()
}

// A rule must not depend on another user's identifiers.
func TestPW05_OnlyOnesOwnIdentifiersAreRefused(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, modern())
	ada, bob := env.Person("countess.lovelace@example.com"), env.Person("bob@example.com")
	ada.Password, ada.Nickname, bob.Password = unweak, "grasshopper", unweak
	ada.SignsUp()
	form := bob.Form(bob.ProvesEmail(signUp))
	form.Name = "Robert"
	bob.SendsForm(form)
	bob.ChangesPassword("the grasshopper sleeps")
	bob.ResetsPassword(bob.ProvesEmail(resetPassword), "countess.lovelace@example.com")
	bob.SignsIn()
}

// animals are so many different ones, each of four bytes, in no order that a keyboard has.
func animals(n int) string {
	var all strings.Builder
	for i := range n {
		all.WriteRune(rune(0x1F400 + i*29%64))
	}
	return all.String()
}

func TestPW02_LongPassphrasesWorkByTheLastCharacter(t *testing.T) {
	t.Parallel()
	server := latchkeytest.New(t, modern())

	long := strings.Repeat("seven green bottles ", 4)[:64]
	for name, c := range map[string]struct{ passphrase, other string }{
		"64Letters":    {long, long[:63] + "#"},
		"128Letters":   {long + long, long + long[:63] + "#"},
		"Over72Bytes":  {long + " on a wall", long + " on a waly"},
		"Hangul":       {strings.Repeat("오늘은 비가 와서 ", 8), strings.Repeat("오늘은 비가 와서 ", 7) + "오늘은 비가 와요 "},
		"Emoji":        {animals(64), animals(63) + "🧀"},
		"OuterBlanks":  {"  " + long + "  ", "  " + long + " "},
		"NoRulesOfOld": {"ㅎㅎ ㅎㅎ ㅋㅋ ㅠㅠ zxv", "ㅎㅎ ㅎㅎ ㅋㅋ ㅠㅠ zxw"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ada := server.For(t).Person(name + "@example.com")
			ada.Password = c.passphrase
			ada.SignsUp()
			ada.SignsIn()
			ada.SignsInFails(c.other, credentialsInvalid)
			_, last := utf8.DecodeLastRuneInString(c.passphrase)
			ada.SignsInFails(c.passphrase[:len(c.passphrase)-last], credentialsInvalid)
			// The same normalization on write and check: macOS sends Hangul decomposed.
			ada.Password = norm.NFD.String(c.passphrase)
			if utf8.RuneCountInString(ada.Password) <= 128 {
				ada.SignsIn()
			}
			// The same at the other two places.
			ada.Password = c.passphrase
			ada.ChangesPassword(c.other)
			ada.SignsIn()
			ada.SignsInFails(c.passphrase, credentialsInvalid)
			ada.ResetsPassword(ada.ProvesEmail(resetPassword), c.passphrase)
			ada.SignsIn()
			ada.SignsInFails(c.other, credentialsInvalid)
		})
	}
}

// Longer than the most is refused openly, never cut; under bcrypt, the most is what bcrypt looks at.
func TestPW02_TooLongIsRefusedAndNeverCut(t *testing.T) {
	t.Parallel()

	letters := func(n int) string { return strings.Repeat("seven green bottles ", 10)[:n] }
	for name, c := range map[string]struct {
		hashing latchkeytest.Option
		most    int
		reason  latchkeyv1.Reason
	}{
		"Argon2id": {latchkeytest.Hashing(patient), 128, latchkeyv1.Reason_REASON_INVALID_FIELDS},
		"Bcrypt":   {latchkeytest.WithBcrypt(), 72, passwordPolicy},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t, modern(), c.hashing)
			ada := env.Person(adasAddress)
			form := ada.Form(ada.ProvesEmail(signUp))
			form.Password = letters(c.most + 1)
			ada.SendsFormFails(form, c.reason)
			form.Password = letters(c.most)
			ada.Password = letters(c.most)
			ada.SendsForm(form)
			ada.SignsIn()
			ada.SignsInFails(letters(c.most-1), credentialsInvalid)
			_, err := env.Account.ChangePassword(ada.As(), &latchkeyv1.ChangePasswordRequest{
				CurrentPassword: ada.Password, NewPassword: letters(c.most + 1),
			})
			env.Refused(err, c.reason)
			proof := ada.ProvesEmail(resetPassword)
			ada.ResetsPasswordFails(proof, letters(c.most+1), c.reason)
			if name == "Bcrypt" {
				// If it had been truncated, this would open the account.
				ada.SignsInFails(letters(c.most+1), credentialsInvalid)
			}
			ada.SignsIn()
		})
	}
}
