package account_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/password"
)

// old is how hashes were made before.
var old = password.Config{
	Argon2:        password.Argon2Params{Memory: 32, Time: 1, Parallelism: 1},
	MaxConcurrent: 4, MaxQueue: 1000, MaxWait: time.Minute,
}

// Each sign-in finds the stale hash and tries to replace it. One succeeds, and the others must not take that for a change of the
// password.
func TestPW06_ParallelSignInsWithAStaleHashAllSucceed(t *testing.T) {
	t.Parallel()

	b := setup(t, old)
	b.signsUp()
	stale := b.storedHash()
	current := b.services(patient).Accounts
	if _, err := current.SignIn(t.Context(), credentials(ada, "Wrong-horse1")); reason(t, err) != credentialsInvalid {
		t.Errorf("a wrong password: %v", err)
	}
	if b.storedHash() != stale {
		t.Error("a wrong password replaced the hash")
	}
	outcomes := together(t, 20, func(int) error {
		_, err := current.SignIn(t.Context(), credentials(ada, goodPassword))
		return err
	})
	if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 20}, outcomes); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if hash := b.storedHash(); hash == stale || !strings.HasPrefix(hash, "$argon2id$") {
		t.Errorf("the hash is %s", hash)
	}
	if n := b.count("SELECT count(*) FROM sessions"); n != 21 {
		t.Errorf("there are %d sessions", n)
	}
}

// The password's row changes between the check of the password and the start of the session.
func TestPW08_ASignInHoldsForTheStoredPasswordOnly(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	b.signsUp()
	hasher, err := password.New(patient)
	if err != nil {
		t.Fatal(err)
	}
	hash := func(text string) string {
		hash, err := hasher.Hash(t.Context(), text)
		if err != nil {
			t.Fatal(err)
		}
		return hash
	}
	sessions := func() int { return b.count("SELECT count(*) FROM sessions") }
	set := func(hash string) func(ctx context.Context, tx db.Tx) error {
		return func(ctx context.Context, tx db.Tx) error {
			_, err := tx.Exec(ctx, "UPDATE passwords SET hash = $1", hash)
			return err
		}
	}

	signIn := func() error {
		_, err := b.accounts.SignIn(context.Background(), credentials(ada, goodPassword))
		return err
	}

	// By another server that found the hash stale: the password is the same.
	stronger, before := hash(goodPassword), sessions()
	if err := b.meanwhile(signIn, set(stronger)); err != nil || sessions() != before+1 {
		t.Errorf("with another hash of the same password: %v, %d sessions began", err, sessions()-before)
	}
	if b.storedHash() != stronger {
		t.Error("the other hash was overwritten")
	}

	// By its owner.
	before = sessions()
	if err := b.meanwhile(signIn, set(hash("Another-horse2"))); reason(t, err) != credentialsInvalid || sessions() != before {
		t.Errorf("with another password: %v, %d sessions began", err, sessions()-before)
	}
	if _, err := b.accounts.SignIn(t.Context(), credentials(ada, "Another-horse2")); err != nil {
		t.Errorf("the new password: %v", err)
	}

	// With the account.
	if _, err := b.db.Exec(t.Context(), "UPDATE passwords SET hash = $1", hash(goodPassword)); err != nil {
		t.Fatal(err)
	}
	before = sessions()
	if err := b.meanwhile(signIn, func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM users")
		return err
	}); reason(t, err) != credentialsInvalid || sessions() != before {
		t.Errorf("without the account: %v, %d sessions began", err, sessions()-before)
	}
}
