package account_test

import (
	"strings"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const tooManyAttempts = latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS

func TestRL01_PasswordsAreLimited(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, nobody := env.Person("ada@example.com"), env.Person("nobody@example.com")
	ada.SignsUp()

	// Known and unknown alike, in whatever spelling.
	for _, p := range []*latchkeytest.Person{ada, nobody} {
		for i := range 100 {
			if i%2 == 1 {
				p.Email = strings.ToUpper(p.Mailbox)
			}
			p.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		}
		detail := p.SignsInFails(p.Password, tooManyAttempts)
		if wait := detail.GetRetryAfter().AsDuration(); wait <= 0 || wait > time.Hour {
			t.Errorf("the wait is %v", wait)
		}
	}
	env.Clock.Advance(time.Hour)
	ada.SignsIn()
	// A success clears the count.
	for range 99 {
		ada.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	ada.SignsIn()
	ada.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
}

func TestRL01_TheCurrentPasswordIsLimited(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	for range 20 {
		_, err := env.Account.ChangePassword(ada.As(), &latchkeyv1.ChangePasswordRequest{
			CurrentPassword: "Wrong-horse1", NewPassword: "Another-horse2",
		})
		env.Refused(err, latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
	_, err := env.Account.DeleteAccount(ada.As(), &latchkeyv1.DeleteAccountRequest{Password: ada.Password})
	env.Refused(err, tooManyAttempts)
	ada.SignsIn()
}

func TestID07_QuestionsAreLimited(t *testing.T) {
	t.Parallel()
	ask := func(env *latchkeytest.Env) error {
		_, err := env.Auth.CheckAvailability(t.Context(), &latchkeyv1.CheckAvailabilityRequest{
			Contact: &latchkeyv1.CheckAvailabilityRequest_Email{Email: "ada@example.com"},
		})
		return err
	}

	env := latchkeytest.New(t)
	for range 300 {
		if err := ask(env); err != nil {
			t.Fatal(err)
		}
	}
	env.Refused(ask(env), tooManyAttempts)
	env.Clock.Advance(10 * time.Minute)
	if err := ask(env); err != nil {
		t.Error(err)
	}

	off := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.RateLimits = settings.LimitsOff }))
	for range 310 {
		if err := ask(off); err != nil {
			t.Fatal(err)
		}
	}
}
