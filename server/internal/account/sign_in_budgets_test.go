package account_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

const wrongCredentials = latchkeyv1.Reason_REASON_CREDENTIALS_INVALID

// from is a sign-in with a password from one of many networks.
func from(network int, address, password string) account.SignInInput {
	in := credentials(address, password)
	in.Client = session.NewClient("a test", fmt.Sprintf("192.0.%d.%d", network/250, network%250), "")
	return in
}

// The holder of a password cannot fill the tables: sessions, their entries, and a revocation for each that ends.
func TestRL02_SessionsAreStartedThreeHundredTimesAnHour(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	b.signsUp()
	// The sign-up has started the first session.
	outcomes := together(t, 340, func(i int) error {
		_, err := b.accounts.SignIn(t.Context(), from(i, ada, goodPassword))
		return err
	})
	if diff := cmp.Diff(map[latchkeyv1.Reason]int{success: 299, tooManyAttempts: 41}, outcomes); diff != "" {
		t.Error(diff)
	}
	if n := b.count("SELECT count(*) FROM events WHERE type = 'signed_in'"); n != 299 {
		t.Errorf("%d entries are written, want 299", n)
	}
	b.clock.Advance(time.Hour)
	if _, err := b.accounts.SignIn(t.Context(), from(0, ada, goodPassword)); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

// A stranger cannot use up what the owner needs to sign in.
func TestRL01_FailedSignInsTakeNothingFromTheOwner(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	b.signsUp()
	var network atomic.Int32
	for _, address := range []string{ada, "nobody@example.com"} {
		outcomes := together(t, 400, func(int) error {
			_, err := b.accounts.SignIn(t.Context(), from(int(network.Add(1)), address, "Wrong-horse1"))
			return err
		})
		if outcomes[wrongCredentials] != 400 {
			t.Errorf("%s: %v", address, outcomes)
		}
	}
	// The list says enough, and no more.
	if n := b.count("SELECT count(*) FROM events WHERE type = 'sign_in_failed'"); n != 50 {
		t.Errorf("%d entries are written, want 50", n)
	}
	if _, err := b.accounts.SignIn(t.Context(), from(0, ada, goodPassword)); err != nil {
		t.Errorf("the owner signs in: %v", err)
	}
}
