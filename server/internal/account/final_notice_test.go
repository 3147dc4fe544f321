package account_test

import (
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// countPush counts the notifications with a title that a person was shown, after all jobs have ended.
func countPush(env *latchkeytest.Env, p *latchkeytest.Person, title string) (n int) {
	env.T.Helper()
	env.AwaitJobs()
	shown, _ := env.Outbox.List(p.User.GetId())
	for _, m := range shown {
		if m.Subject.Reveal() == title {
			n++
		}
	}
	return n
}

const (
	passwordWasChanged = "Your password was changed"
	contactWasChanged  = "A contact of your account was changed"
)

// twoDevices makes an account that is signed in on two devices.
func twoDevices(t *testing.T, env *latchkeytest.Env, email string) (phone, tablet *latchkeytest.Person) {
	t.Helper()
	phone = env.Person(email)
	phone.SignsUp()
	registers(t, env, phone, "phone-of-"+email)
	second := *phone
	second.SignsIn()
	registers(t, env, &second, "tablet-of-"+email)
	return phone, &second
}

// A new password notifies every device once, and deletes the devices whose sessions it ends.
func TestX12_ANewPasswordNotifiesEveryDevice(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	for name, c := range map[string]struct {
		does func(p *latchkeytest.Person)
		// left is how many devices stay.
		left int
	}{
		"reset":  {func(p *latchkeytest.Person) { p.ResetsPassword(p.ProvesEmail(resetPassword), "Another-horse2") }, 0},
		"change": {func(p *latchkeytest.Person) { p.ChangesPassword("Another-horse2") }, 1},
	} {
		phone, _ := twoDevices(t, env, name+"@example.com")
		c.does(phone)
		if n := devices(t, env, phone); n != c.left {
			t.Errorf("%s: %d devices are registered, want %d", name, n, c.left)
		}
		if n := countPush(env, phone, passwordWasChanged); n != 2 {
			t.Errorf("%s: notified on %d devices, want both", name, n)
		}
	}
	if n := env.Rows("farewells")["farewells"]; n != 0 {
		t.Errorf("%d tokens are kept", n)
	}
}

func TestX12_ANewContactNotifiesEveryDevice(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	phone, tablet := twoDevices(t, env, adasAddress)
	changes(t, env, tablet, env.Person(newAddress).ProvesEmail(changeContact))
	if n := countPush(env, phone, contactWasChanged); n != 2 {
		t.Errorf("notified on %d devices, want both", n)
	}
}

// pauses delays the notifications that are queued from now on, until resume is called.
func pauses(t *testing.T, env *latchkeytest.Env) (resume func()) {
	t.Helper()
	exec := func(statement string) {
		t.Helper()
		if _, err := env.DB.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	exec(`CREATE FUNCTION hold_push() RETURNS trigger LANGUAGE plpgsql AS $$
		BEGIN NEW.scheduled_at := now() + interval '1 hour'; NEW.state := 'scheduled'; RETURN NEW; END $$`)
	exec("CREATE TRIGGER hold_push BEFORE INSERT ON river_job FOR EACH ROW WHEN (NEW.kind = 'send_push') EXECUTE FUNCTION hold_push()")
	return func() {
		t.Helper()
		exec("DROP TRIGGER hold_push ON river_job")
		exec("UPDATE river_job SET state = 'available', scheduled_at = now() WHERE kind = 'send_push' AND state = 'scheduled'")
	}
}

// While the notification waits, no table holds the token in clear, and the device is not registered.
func TestX13_ATokenIsKeptEncryptedUntilTheFinalNoticeIsSent(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	resume := pauses(t, env)
	ada := env.Person(adasAddress)
	ada.SignsUp()
	registers(t, env, ada, "zqx-registration-token")
	ada.ResetsPassword(ada.ProvesEmail(resetPassword), "Another-horse2")

	if n := env.Rows("farewells", "devices"); n["farewells"] != 1 || n["devices"] != 0 {
		t.Errorf("the rows are %v", n)
	}
	for _, table := range []string{"farewells", "river_job", "sends"} {
		var n int
		if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM "+table+" WHERE "+table+"::text LIKE '%zqx-registration%'").Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows show the token, %v", table, n, err)
		}
	}
	var plain int
	if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM farewells WHERE position('zqx'::bytea IN token) > 0").Scan(&plain); err != nil || plain != 0 {
		t.Errorf("%d rows show the token, %v", plain, err)
	}
	resume()
	if n := countPush(env, ada, passwordWasChanged); n != 1 {
		t.Errorf("notified %d times", n)
	}
	if n := env.Rows("farewells")["farewells"]; n != 0 {
		t.Errorf("%d tokens are kept", n)
	}
}

// The final notice is sent only if the device and the account still belong to its user: it must not reach another user.
func TestMF06_AFinalNoticeReachesItsUserAlone(t *testing.T) {
	t.Parallel()

	for name, c := range map[string]struct {
		meanwhile func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person)
		notified  int
	}{
		"the owner signs in again": {func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.SignsIn()
			registers(t, env, ada, "the-phone")
		}, 1},
		"another user registers the phone": {func(t *testing.T, env *latchkeytest.Env, _ *latchkeytest.Person) {
			bob := env.Person("bob@example.com")
			bob.SignsUp()
			registers(t, env, bob, "the-phone")
		}, 0},
		"the account is disabled": {func(_ *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			env.Administrator("admin@example.com").Disables(ada)
		}, 0},
		"the account is deleted": {func(t *testing.T, env *latchkeytest.Env, ada *latchkeytest.Person) {
			ada.SignsIn()
			if _, err := env.Account.DeleteAccount(ada.As(), &latchkeyv1.DeleteAccountRequest{}); err != nil {
				t.Fatal(err)
			}
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			resume := pauses(t, env)
			ada := env.Person(adasAddress)
			ada.SignsUp()
			registers(t, env, ada, "the-phone")
			ada.ResetsPassword(ada.ProvesEmail(resetPassword), "Another-horse2")
			c.meanwhile(t, env, ada)
			resume()
			if n := countPush(env, ada, passwordWasChanged); n != c.notified {
				t.Errorf("notified %d times, want %d", n, c.notified)
			}
			if n := env.Rows("farewells")["farewells"]; n != 0 {
				t.Errorf("%d tokens are kept", n)
			}
		})
	}
}
