package account_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/verification"
)

// reachable makes an account with a proven address, a proven number and a device. It returns the caller that acts for it.
func (b *bundle) reachable(address, nickname, number string) account.Caller {
	b.t.Helper()
	in := form(address, nickname, b.proof(verification.SignUp, email(address)), b.proof(verification.SignUp, phone(number)))
	in.Phone = number
	signedIn, err := b.accounts.SignUp(b.t.Context(), in)
	if err != nil {
		b.t.Fatal(err)
	}
	var live uuid.UUID
	if err := b.db.QueryRow(b.t.Context(), "SELECT id FROM sessions WHERE user_id = $1", signedIn.User.ID).Scan(&live); err != nil {
		b.t.Fatal(err)
	}
	caller := account.Caller{User: id.User(signedIn.User.ID), Session: id.Session(live)}
	if err := b.db.InTx(b.t.Context(), func(tx db.Tx) error {
		return b.devices.Register(b.t.Context(), tx, push.Device{
			User: caller.User, Session: caller.Session, Token: secret.NewText("token of " + nickname), Platform: "web",
		})
	}); err != nil {
		b.t.Fatal(err)
	}
	return caller
}

// queued counts the notices of a kind that are queued, by channel.
func (b *bundle) queued(kind string) map[string]int {
	b.t.Helper()
	rows, err := b.db.Query(b.t.Context(), "SELECT channel, count(*) FROM sends WHERE kind = $1 GROUP BY 1", kind)
	if err != nil {
		b.t.Fatal(err)
	}
	defer rows.Close()
	counts := map[string]int{}
	for rows.Next() {
		var (
			channel string
			n       int
		)
		if err := rows.Scan(&channel, &n); err != nil {
			b.t.Fatal(err)
		}
		counts[channel] = n
	}
	if err := rows.Err(); err != nil {
		b.t.Fatal(err)
	}
	return counts
}

func (b *bundle) signsInFrom(address, agent string) {
	b.t.Helper()
	in := credentials(address, goodPassword)
	in.Client = session.Client{UserAgent: agent, IP: "192.0.2.1"}
	if _, err := b.accounts.SignIn(b.t.Context(), in); err != nil {
		b.t.Fatal(err)
	}
}

// A caller with the password may change the user agent as often as it likes: a few messages go out, and then none. Each
// sign-in stands in the activity list.
func TestRL06_EverNewDevicesCostAFewMessages(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	caller := b.reachable(ada, "ada", adasNumber)
	const signIns = 250
	for n := range signIns {
		b.signsInFrom(ada, models(n))
		if n%50 == 0 {
			// Ada's session would end as the oldest of a hundred, and her device with it.
			b.exec(fmt.Sprintf("DELETE FROM sessions WHERE id <> '%s'", uuid.UUID(caller.Session)))
		}
	}
	if diff := cmp.Diff(map[string]int{"sms": 3, "email": 10, "push": 10}, b.queued("signed_in_elsewhere")); diff != "" {
		t.Errorf("within an hour (-want +got):\n%s", diff)
	}
	if n := b.count("SELECT count(*) FROM events WHERE type = 'signed_in'"); n != signIns {
		t.Errorf("%d sign-ins are in the activity list", n)
	}
	// A device that could not be told of is not known, so that it is told of when there is room again.
	if n := b.count("SELECT count(*) FROM known_devices"); n != 11 {
		t.Errorf("%d devices are known, want that of the sign-up and ten that the owner was told of", n)
	}
	// The thief has not used up what tells of the theft.
	if err := b.accounts.ChangePassword(t.Context(), caller, secret.NewText(goodPassword), secret.NewText("Another-horse2")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"sms": 1, "email": 1, "push": 1}, b.queued("password_changed")); diff != "" {
		t.Errorf("of the new password (-want +got):\n%s", diff)
	}
	b.clock.Advance(time.Hour)
	in := credentials(ada, "Another-horse2")
	in.Client = session.Client{UserAgent: models(999), IP: "192.0.2.1"}
	if _, err := b.accounts.SignIn(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if n := b.queued("signed_in_elsewhere")["email"]; n != 11 {
		t.Errorf("an hour later, %d mails tell of devices, want one more", n)
	}

	// Another account has budgets of its own.
	b.reachable("bob@example.com", "bob", "+821055556666")
	b.signsInFrom("bob@example.com", chromeOnWindows)
	if n := b.count("SELECT count(*) FROM sends WHERE contact = '+821055556666' AND kind = 'signed_in_elsewhere'"); n != 1 {
		t.Errorf("Bob is sent %d messages", n)
	}
}

func TestRL06_ADayHasItsLimitToo(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	b.reachable(ada, "ada", adasNumber)
	for n := range 240 {
		if n%10 == 0 && n > 0 {
			b.clock.Advance(time.Hour)
		}
		b.signsInFrom(ada, models(n))
	}
	// The session of the device that shows notifications has ended after an hour.
	if diff := cmp.Diff(map[string]int{"sms": 10, "email": 30, "push": 10}, b.queued("signed_in_elsewhere")); diff != "" {
		t.Errorf("within a day (-want +got):\n%s", diff)
	}
}

// Every act that tells an owner something goes on when the budget is used up, and stands in the activity list.
func TestRL06_NoActIsRefusedForItsNotices(t *testing.T) {
	t.Parallel()

	const times = 15
	passwords := []string{goodPassword, "Another-horse2"}
	for name, c := range map[string]struct {
		event, kind string
		does        func(b *bundle, caller account.Caller, n int) error
		want        map[string]int
	}{
		"a change of the password": {"password_changed", "password_changed", func(b *bundle, caller account.Caller, n int) error {
			return b.accounts.ChangePassword(b.t.Context(), caller, secret.NewText(passwords[n%2]), secret.NewText(passwords[(n+1)%2]))
		}, map[string]int{"sms": 3, "email": 10, "push": 10}},
		"a reset of the password": {"password_reset", "password_changed", func(b *bundle, _ account.Caller, n int) error {
			return b.accounts.ResetPassword(b.t.Context(), b.proof(verification.ResetPassword, email(ada)), secret.NewText(passwords[n%2]), session.Client{})
			// The only device goes with its session, at the first one.
		}, map[string]int{"sms": 3, "email": 10, "push": 1}},
		"a change of the address": {"email_changed", "contact_changed", func(b *bundle, caller account.Caller, n int) error {
			_, err := b.accounts.ChangeContact(b.t.Context(), caller, b.proof(verification.ChangeContact, email(fmt.Sprintf("ada%d@example.com", n))))
			return err
		}, map[string]int{"sms": 3, "email": 10, "push": 10}},
		"a sign-in with a code": {"signed_in", "signed_in_elsewhere", func(b *bundle, _ account.Caller, n int) error {
			_, err := b.accounts.SignInWithCode(b.t.Context(), b.proof(verification.SignIn, email(ada)), session.Client{UserAgent: models(n)})
			return err
		}, map[string]int{"sms": 3, "email": 10, "push": 10}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t, patient)
			caller := b.reachable(ada, "ada", adasNumber)
			for n := range times {
				if err := c.does(b, caller, n); err != nil {
					t.Fatalf("time %d: %v", n, err)
				}
			}
			if diff := cmp.Diff(c.want, b.queued(c.kind)); diff != "" {
				t.Errorf("notices (-want +got):\n%s", diff)
			}
			if n := b.count("SELECT count(*) FROM events WHERE type = $1", c.event); n != times {
				t.Errorf("%d entries are in the activity list, want %d", n, times)
			}
		})
	}
}

// A contact that is to sign up again and again, and has an account, is told so a few times. The caller sees no difference.
func TestID08_ANoticeInPlaceOfACodeHasABudget(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t, latchkeytest.With(func(s *settings.Settings) { s.Accounts.Discovery = account.Private }))
	ada := env.Person(adasAddress)
	signsUpWithBoth(env, ada, adasNumber)
	before := len(textsTo(env, adasNumber))
	for _, number := range []string{adasNumber, "+821099998888"} {
		for n := range 5 {
			env.Clock.Advance(time.Minute)
			env.AwaitJobs()
			sent, err := env.Auth.SendCode(t.Context(), &latchkeyv1.SendCodeRequest{
				Purpose: signUp, Contact: &latchkeyv1.SendCodeRequest_Phone{Phone: number},
			})
			if err != nil || sent.GetVerificationId() == "" || sent.GetResendAt() == nil {
				// The account's own sign-up has used one of the five of an hour.
				if n == 4 && number == adasNumber {
					continue
				}
				t.Fatalf("%s, time %d: %v, %v", number, n, sent, err)
			}
		}
	}
	env.AwaitJobs()
	told := textsTo(env, adasNumber)[before:]
	// The first of the three was the question that led to the account: whether there is one makes no difference.
	if len(told) != 2 {
		t.Errorf("the holder is told %d times, want 2: %q", len(told), told)
	}
	for _, text := range told {
		if !strings.Contains(text, "already has an account") {
			t.Errorf("the holder is sent %q", text)
		}
	}
	if n := len(textsTo(env, "+821099998888")); n != 5 {
		t.Errorf("the other one is sent %d codes", n)
	}
}

// textsTo returns the texts of what an address or a number was sent, the oldest first.
func textsTo(env *latchkeytest.Env, to string) (texts []string) {
	env.T.Helper()
	env.AwaitJobs()
	kept, _ := env.Outbox.List(to)
	for i := range kept {
		texts = append(texts, kept[len(kept)-1-i].Text.Reveal())
	}
	return texts
}
