package account_test

import (
	"sync"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// withoutPassword creates an account as a social sign-up does.
func withoutPassword(env *latchkeytest.Env, address string) *latchkeytest.Person {
	env.T.Helper()
	p := env.Person(address)
	p.SignsUp()
	if _, err := env.DB.Exec(env.T.Context(), "DELETE FROM passwords"); err != nil {
		env.T.Fatal(err)
	}
	return p
}

func setPassword(env *latchkeytest.Env, p *latchkeytest.Person, password string) error {
	_, err := env.Account.SetPassword(p.As(), &latchkeyv1.SetPasswordRequest{NewPassword: password})
	return err
}

func TestAnAccountWithoutAPasswordGetsOne(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := withoutPassword(env, "ada@example.com")
	env.Clock.Advance(10*time.Minute + time.Second)

	env.Refused(setPassword(env, ada, "Another-horse2"), tooOld)
	// No password is right for it, and none is set by trying.
	_, err := env.Account.Reauthenticate(ada.As(), byPassword("Another-horse2"))
	env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	if _, err := env.Account.Reauthenticate(ada.As(), byCode(ada.ProvesEmail(confirmsCode))); err != nil {
		t.Fatal(err)
	}
	env.Refused(setPassword(env, ada, "short"), latchkeyv1.Reason_REASON_PASSWORD_POLICY)
	if err := setPassword(env, ada, "Another-horse2"); err != nil {
		t.Fatal(err)
	}

	ada.Password = "Another-horse2"
	ada.SignsIn()
	got := env.Refused(setPassword(env, ada, "A-third-horse3"), latchkeyv1.Reason_REASON_INVALID_FIELDS)
	if len(got.GetViolations()) != 1 || got.GetViolations()[0].GetRule() != "password.exists" {
		t.Errorf("a second password is refused with %v", got)
	}
	ada.SignsIn()
}

func TestAnAccountWithoutAPasswordCanBeDeleted(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := withoutPassword(env, "ada@example.com")
	env.Clock.Advance(10*time.Minute + time.Second)
	if _, err := env.Account.Reauthenticate(ada.As(), byCode(ada.ProvesEmail(confirmsCode))); err != nil {
		t.Fatal(err)
	}
	ada.DeletesAccount()
	ada.LosesSession(latchkeyv1.Reason_REASON_SESSION_REVOKED)
}

// Of concurrent first passwords, one is set, and the others change nothing.
func TestOneOfManyFirstPasswordsCounts(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := withoutPassword(env, "ada@example.com")
	passwords := []string{"A-first-horse1", "A-second-horse2", "A-third-horse3", "A-fourth-horse4", "A-fifth-horse5"}
	won := make([]bool, len(passwords))
	var group sync.WaitGroup
	for i, password := range passwords {
		group.Go(func() {
			err := setPassword(env, ada, password)
			won[i] = err == nil
			if reason := latchkeytest.Detail(err).GetReason(); err != nil && reason != latchkeyv1.Reason_REASON_INVALID_FIELDS {
				t.Errorf("a password that comes too late is refused with %s", reason)
			}
		})
	}
	group.Wait()
	count := 0
	for i, password := range passwords {
		ada.Password = password
		if won[i] {
			count++
			ada.SignsIn()
		} else {
			ada.SignsInFails(password, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		}
	}
	if count != 1 {
		t.Errorf("%d passwords were set", count)
	}
}
