package account_test

import (
	"strings"
	"testing"
	"time"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const tooManyAttempts = latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS

func TestRL01_PasswordsAreLimited(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, nobody := env.Person("ada@example.com"), env.Person("nobody@example.com")
	ada.SignsUp()

	// For known and unknown contacts alike, in any spelling.
	for _, p := range []*latchkeytest.Person{ada, nobody} {
		p.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		spend(t, env, 98)
		p.Email = strings.ToUpper(p.Mailbox)
		p.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
		detail := p.SignsInFails(p.Password, tooManyAttempts)
		if wait := detail.GetRetryAfter().AsDuration(); wait <= 0 || wait > time.Hour {
			t.Errorf("the wait is %v", wait)
		}
	}
	env.Clock.Advance(time.Hour)
	ada.SignsIn()
	// A success clears the count.
	ada.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	spend(t, env, 98)
	ada.SignsIn()
	for range 3 {
		ada.SignsInFails("Wrong-horse1", latchkeyv1.Reason_REASON_CREDENTIALS_INVALID)
	}
}

// spend counts n tries more in every budget, as if they had been made.
func spend(t *testing.T, env *latchkeytest.Env, n int) {
	t.Helper()
	if _, err := env.DB.Exec(t.Context(), "UPDATE rate_limits SET count = count + $1", n); err != nil {
		t.Fatal(err)
	}
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
	_, err := env.Account.Reauthenticate(ada.As(), &latchkeyv1.ReauthenticateRequest{
		Evidence: &latchkeyv1.ReauthenticateRequest_Password{Password: ada.Password},
	})
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
	if err := ask(env); err != nil {
		t.Fatal(err)
	}
	spend(t, env, 298)
	if err := ask(env); err != nil {
		t.Fatal(err)
	}
	env.Refused(ask(env), tooManyAttempts)
	env.Clock.Advance(10 * time.Minute)
	if err := ask(env); err != nil {
		t.Error(err)
	}

	off := latchkeytest.New(t, latchkeytest.OnDB(env.DB), latchkeytest.With(func(s *settings.Settings) { s.Limits.Mode = ratelimit.Off }))
	spend(t, env, 1000)
	if err := ask(off); err != nil {
		t.Error(err)
	}
}
