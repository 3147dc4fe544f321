package ratelimit_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

const tooMany = latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS

var five = ratelimit.Budget{Name: "five", Limit: 5, Window: time.Minute}

func TestRL02_ABudgetIsCommonToAllReplicas(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	replicas := []*ratelimit.Limiter{ratelimit.New(d, ratelimit.Config{}), ratelimit.New(d, ratelimit.Config{}), ratelimit.New(d, ratelimit.Config{})}

	var (
		group           sync.WaitGroup
		passed, refused atomic.Int32
	)
	for i := range 60 {
		group.Go(func() {
			switch err := replicas[i%len(replicas)].Charge(t.Context(), five.Of("ada")); {
			case err == nil:
				passed.Add(1)
			case fault.Is(err, tooMany):
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	group.Wait()
	if passed.Load() != 5 || refused.Load() != 55 {
		t.Errorf("%d passed and %d were refused, want 5 and 55", passed.Load(), refused.Load())
	}
}

func TestCharge(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	limits := ratelimit.New(d, ratelimit.Config{})
	spend := func(key ...string) {
		t.Helper()
		for range five.Limit {
			if err := limits.Charge(t.Context(), five.Of(key...)); err != nil {
				t.Fatal(err)
			}
		}
	}

	spend("ada")
	clock.Advance(20 * time.Second)
	err := limits.Charge(t.Context(), five.Of("ada"))
	if !fault.Is(err, tooMany) {
		t.Fatalf("the sixth try: %v", err)
	}
	if wait := err.(*fault.Error).RetryAfter; wait != 40*time.Second { //nolint:errorlint // it is not wrapped
		t.Errorf("the wait is %v, want until the window ends", wait)
	}
	// Others are not touched: another person, another budget, parts that only join alike.
	spend("bob")
	spend("ad", "a")
	if err := limits.Charge(t.Context(), ratelimit.Budget{Name: "other", Limit: 1, Window: time.Minute}.Of("ada")); err != nil {
		t.Error(err)
	}

	clock.Advance(40 * time.Second)
	spend("ada")

	if err := d.InTx(t.Context(), func(tx db.Tx) error { return limits.Clear(t.Context(), tx, five.Of("ada")) }); err != nil {
		t.Fatal(err)
	}
	spend("ada")

	off := ratelimit.New(d, ratelimit.Config{Mode: ratelimit.Off})
	for range 2 * five.Limit {
		if err := off.Charge(t.Context(), five.Of("ada")); err != nil {
			t.Error(err)
		}
	}
}

func TestLG04_LimitsFailClosed(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	limits := ratelimit.New(d, ratelimit.Config{})
	if _, err := d.Exec(t.Context(), "DROP TABLE rate_limits"); err != nil {
		t.Fatal(err)
	}
	if err := limits.Charge(t.Context(), five.Of("ada")); err == nil || fault.Is(err, tooMany) {
		t.Errorf("without its table a limit says %v", err)
	}
}

func TestRL04_IPv6CountsByNetwork(t *testing.T) {
	t.Parallel()
	same := []string{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:0DB8:1:2:0:0:0:7"}
	for _, ip := range same {
		if got := ratelimit.Network(ip); got != "2001:db8:1:2::/64" {
			t.Errorf("%s counts as %s", ip, got)
		}
	}
	for ip, want := range map[string]string{
		"192.0.2.7": "192.0.2.7", "::ffff:192.0.2.7": "192.0.2.7", "2001:db8:1:3::1": "2001:db8:1:3::/64", "fe80::1%eth0": "fe80::/64",
		"nonsense": "nonsense",
	} {
		if got := ratelimit.Network(ip); got != want {
			t.Errorf("%s counts as %s, want %s", ip, got, want)
		}
	}
}

// A caller who names ever new keys adds no rows once the network's budget is used up.
func TestABudgetThatIsUsedUpKeepsTheNextOnesFromBeingCharged(t *testing.T) {
	t.Parallel()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	limits := ratelimit.New(d, ratelimit.Config{})
	contact := ratelimit.Budget{Name: "contact", Limit: 2, Window: time.Hour}
	for i := range 3 * five.Limit {
		err := limits.Charge(t.Context(), five.Of("network"), contact.Of(string(rune('a'+i))))
		if passed := err == nil; passed != (i < five.Limit) || !passed && !fault.Is(err, tooMany) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
	var rows int
	if err := d.QueryRow(t.Context(), "SELECT count(*) FROM rate_limits").Scan(&rows); err != nil || rows != five.Limit+1 {
		t.Errorf("%d rows, want one of the network and %d of contacts: %v", rows, five.Limit, err)
	}

	// The wait is that of the budget that refuses, which is not always the first.
	clock.Advance(time.Minute)
	for range contact.Limit {
		if err := limits.Charge(t.Context(), five.Of("elsewhere"), contact.Of("bob")); err != nil {
			t.Fatal(err)
		}
	}
	err := limits.Charge(t.Context(), five.Of("elsewhere"), contact.Of("bob"))
	if !fault.Is(err, tooMany) || err.(*fault.Error).RetryAfter != time.Hour { //nolint:errorlint // it is not wrapped
		t.Errorf("got %v", err)
	}
}

func TestAChargeWithinATransactionGoesWithIt(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	limits := ratelimit.New(d, ratelimit.Config{})
	rolledBack := errors.New("rolled back")
	for range 2 * five.Limit {
		err := d.InTx(t.Context(), func(tx db.Tx) error {
			if err := limits.ChargeTx(t.Context(), tx, five.Of("ada")); err != nil {
				return err
			}
			return rolledBack
		})
		if !errors.Is(err, rolledBack) {
			t.Fatal(err)
		}
	}
	for i := range five.Limit + 1 {
		err := d.InTx(t.Context(), func(tx db.Tx) error { return limits.ChargeTx(t.Context(), tx, five.Of("ada")) })
		if passed := err == nil; passed != (i < five.Limit) {
			t.Fatalf("try %d: %v", i+1, err)
		}
	}
}
