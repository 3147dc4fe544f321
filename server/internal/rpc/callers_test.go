package rpc_test

import (
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// tables are all that a call can write to.
var tables = []string{"users", "passwords", "sessions", "verifications", "code_budgets", "events", "rate_limits", "signing_keys", "revocations", "devices", "river_job"}

// signUpAdmin makes an administrator, and gives the person with the tokens of a fresh sign-in.
func signUpAdmin(t testing.TB, env *latchkeytest.Env, email string) *latchkeytest.Person {
	t.Helper()
	admin := env.Person(email)
	admin.SignsUp()
	if _, err := env.DB.Exec(t.Context(), "UPDATE users SET role = 'admin' WHERE email = $1", admin.Mailbox); err != nil {
		t.Fatal(err)
	}
	admin.SignsIn()
	// What a sign-up leaves to be done in the background is done before anybody counts rows.
	env.AwaitJobs()
	return admin
}

// mailedCode waits for the mail to somebody and reads the code out of it.
func mailedCode(t testing.TB, env *latchkeytest.Env, to string) string {
	t.Helper()
	for word := range strings.FieldsSeq(env.AwaitMessage(to, 1).Text.Reveal()) {
		if word = strings.Trim(word, ".:,"); len(word) == 6 && strings.Trim(word, "0123456789") == "" {
			return word
		}
	}
	t.Fatalf("there is no code in the mail to %s", to)
	return ""
}

// at is so long after the server's present.
func at(env *latchkeytest.Env, after time.Duration) *timestamppb.Timestamp {
	return timestamppb.New(env.Clock.Now().Add(after))
}
