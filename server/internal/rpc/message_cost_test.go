//go:build unix

package rpc_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// maxCostRatio is how much more processor time a hostile message may take than a plain refusal of one that is as long. The
// worst is 12 times as much today, a list of 21,000 empty items in JSON. Without the check of sizes it was 700 times.
const maxCostRatio = 60

// A message without a session costs no more than its size justifies, whatever it contains. The cost is measured in processor
// time, which other programs on the machine do not affect, and not in parallel, since all tests of this program share that time.
//
//nolint:paralleltest // for this very reason
func TestAP02_NoHostileMessageIsExpensive(t *testing.T) {
	env := latchkeytest.New(t)
	w := newWire(t, env)
	admin := bearer(signUpAdmin(t, env, "admin@example.com").Tokens.GetAccessToken())

	plain := costOf(t, func() {
		w.call(t, signIn, speeches[0], []byte(`{"k":"`+strings.Repeat("z", kilobytes60)+`"}`))
	})
	worst, what := time.Duration(0), ""
	for _, name := range []string{"AuthService.SignUp", "AdminService.SendPush", "AccountService.UpdateProfile"} {
		method := methods()[name]
		for _, way := range []speech{speeches[0], speeches[1], speeches[3]} {
			bodies := hostileBinary(method)
			if way.json() {
				bodies = hostileJSON(method)
			}
			for body, data := range bodies {
				took := costOf(t, func() { w.call(t, procedure(method), way, data, admin) })
				if took > worst {
					worst, what = took, fmt.Sprintf("%s, %s, %s", name, way.name, body)
				}
				if took > maxCostRatio*plain {
					t.Errorf("%s, %s, %s: %v, and a plain refusal %v", name, way.name, body, took, plain)
				}
			}
		}
	}
	t.Logf("a plain refusal takes %v, the most expensive one %v: %s", plain, worst, what)
}

// costOf returns the lowest processor time of several runs: in some of them, garbage is collected.
func costOf(t testing.TB, act func()) time.Duration {
	t.Helper()
	least := time.Duration(1<<63 - 1)
	for range 3 {
		before := processorTime(t)
		act()
		least = min(least, processorTime(t)-before)
	}
	return least
}

func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
