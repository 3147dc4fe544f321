package account_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// registers ties a registration token to the person's session.
func registers(t *testing.T, env *latchkeytest.Env, p *latchkeytest.Person, token string) {
	t.Helper()
	if _, err := env.Account.RegisterDevice(p.As(), &latchkeyv1.RegisterDeviceRequest{
		Token: token, Platform: latchkeyv1.Platform_PLATFORM_ANDROID, Name: "Ada's phone",
	}); err != nil {
		t.Fatalf("%s registers a device: %v", p.Email, err)
	}
}

// devices counts the devices of an account.
func devices(t *testing.T, env *latchkeytest.Env, p *latchkeytest.Person) (n int) {
	t.Helper()
	if err := env.DB.QueryRow(t.Context(),
		"SELECT count(*) FROM devices JOIN users ON users.id = user_id WHERE email = $1", p.Mailbox).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// Each story creates its own people.
func TestDevices(t *testing.T) {
	t.Parallel()
	latchkeytest.New(t).Stories(t, map[string]func(*testing.T, *latchkeytest.Env){
		"MF06_ARegistrationTokenBelongsToOneSessionOfOneUser": storyOneSessionOfOneUser,
		"X13_ARegistrationTokenIsNotAtRestInClear":            storyNoTokenAtRestInClear,
	})
}

func storyOneSessionOfOneUser(t *testing.T, env *latchkeytest.Env) {
	ada, bob := env.Person("ada@example.com"), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()

	registers(t, env, ada, "token-1")
	registers(t, env, ada, "token-1")
	if n := devices(t, env, ada); n != 1 {
		t.Errorf("registered twice, it stands there %d times", n)
	}
	registers(t, env, ada, "token-2")
	if n := devices(t, env, ada); n != 1 {
		t.Errorf("one session has %d devices", n)
	}
	registers(t, env, bob, "token-2")
	if n, m := devices(t, env, ada), devices(t, env, bob); n != 0 || m != 1 {
		t.Errorf("in other hands, the device is Ada's %d times and Bob's %d times", n, m)
	}

	// Users cannot unregister the devices of others.
	for _, token := range []string{"token-2", "unknown"} {
		if _, err := env.Account.UnregisterDevice(ada.As(), &latchkeyv1.UnregisterDeviceRequest{Token: token}); err != nil {
			t.Errorf("Ada unregisters %s: %v", token, err)
		}
	}
	if n := devices(t, env, bob); n != 1 {
		t.Errorf("Ada has unregistered Bob's device")
	}
	if _, err := env.Account.UnregisterDevice(bob.As(), &latchkeyv1.UnregisterDeviceRequest{Token: "token-2"}); err != nil {
		t.Fatal(err)
	}
	if n := devices(t, env, bob); n != 0 {
		t.Errorf("Bob's device is still registered")
	}
}

func TestMF06_ADeviceGoesWithItsSession(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	for name, end := range map[string]func(t *testing.T, p *latchkeytest.Person) error{
		"signs-out": func(_ *testing.T, p *latchkeytest.Person) error {
			_, err := env.Account.SignOut(p.As(), &latchkeyv1.SignOutRequest{})
			return err
		},
		"is-locked-out": func(t *testing.T, p *latchkeytest.Person) error {
			_, err := env.DB.Exec(t.Context(), "DELETE FROM sessions USING users WHERE users.id = user_id AND email = $1", p.Mailbox)
			return err
		},
		"deletes-account": func(_ *testing.T, p *latchkeytest.Person) error {
			_, err := env.Account.DeleteAccount(p.As(), &latchkeyv1.DeleteAccountRequest{})
			return err
		},
	} {
		p := env.Person(name + "@example.com")
		p.SignsUp()
		registers(t, env, p, "token-of-"+name)
		if err := end(t, p); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var n int
		if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM devices").Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d devices are left, %v", name, n, err)
		}
	}
}

// Each session may have a device. The twenty that were registered last are kept; one that registers again is among them.
func TestMF06_AnAccountHasAtMostTwentyDevices(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person(adasAddress), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	registers(t, env, bob, "bobs-phone")
	registers(t, env, ada, "device-0")
	sessions := []*latchkeytest.Person{ada}
	for n := range 21 {
		other := *ada
		other.SignsIn()
		registers(t, env, &other, fmt.Sprint("device-", n+1))
		sessions = append(sessions, &other)
		// The application on the first device starts now and then.
		if n%5 == 0 {
			registers(t, env, ada, "device-0")
		}
	}
	if n := devices(t, env, ada); n != 20 {
		t.Errorf("there are %d devices, want 20", n)
	}
	// The first device is kept, since it registers again and again. Those of the next two sessions were deleted.
	live := func(p *latchkeytest.Person) bool {
		t.Helper()
		session, err := id.ParseSession(p.Session())
		if err != nil {
			t.Fatal(err)
		}
		var n int
		if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM devices WHERE session_id = $1", uuid.UUID(session)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n == 1
	}
	for n, want := range map[int]bool{0: true, 1: false, 2: false, 3: true, 21: true} {
		if got := live(sessions[n]); got != want {
			t.Errorf("device %d is registered: %t", n, got)
		}
	}
	if n := devices(t, env, bob); n != 1 {
		t.Errorf("Bob has %d devices", n)
	}
}

// A thousand devices that were registered before there was a limit cause twenty messages, not a thousand.
func TestMF06_ManyDevicesFromBeforeCauseFewMessages(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	ada.SignsUp()
	if _, err := env.DB.Exec(t.Context(), `
		WITH live AS (INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
			SELECT gen_random_uuid(), users.id, '{pwd}', $1::timestamptz, '', '', $1::timestamptz, $1::timestamptz + interval '1 day', $1::timestamptz + interval '1 day'
			FROM users, generate_series(1, 1000) RETURNING id, user_id)
		INSERT INTO devices (id, token_hash, token, user_id, session_id, platform, name)
		SELECT gen_random_uuid(), decode(replace(id::text, '-', ''), 'hex'), 'token', user_id, id, 'web', '' FROM live`, env.Clock.Now()); err != nil {
		t.Fatal(err)
	}
	pushes := func() (n int) {
		t.Helper()
		if err := env.DB.QueryRow(t.Context(), "SELECT count(*) FROM sends WHERE channel = 'push'").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	signsInWith(t, env, ada, chromeOnWindows)
	if n := pushes(); n != 20 {
		t.Errorf("a sign-in causes %d notifications, want 20", n)
	}
	ada.ChangesPassword("Another-horse2")
	if n := pushes(); n != 40 {
		t.Errorf("a new password causes %d notifications, want 20", n-20)
	}
}

func storyNoTokenAtRestInClear(t *testing.T, env *latchkeytest.Env) {
	ada := env.Person("claude@example.com")
	ada.SignsUp()
	registers(t, env, ada, "zqx-registration-token")

	var n int
	if err := env.DB.QueryRow(t.Context(), `SELECT count(*) FROM devices
		WHERE position('zqx'::bytea IN token) + position('zqx'::bytea IN token_hash) > 0 OR devices::text LIKE '%zqx%'`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows show the token, %v", n, err)
	}
}
