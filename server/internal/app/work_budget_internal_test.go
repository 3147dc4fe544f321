package app

import (
	"fmt"
	"testing"
	"time"
)

func budgetAt(perSecond float64, now *time.Duration) *workBudget {
	w := newWorkBudget(perSecond)
	w.elapsed = func() time.Duration { return *now }
	return w
}

// spendAll spends units one by one until the budget refuses, and returns how many it had.
func spendAll(w *workBudget, ip string, reserve float64) int {
	for n := 0; ; n++ {
		if !w.spend(networksOf(ip), 1, reserve) {
			return n
		}
	}
}

func TestAP04_WorkIsBoundedPerNetwork(t *testing.T) {
	t.Parallel()
	var now time.Duration
	w := budgetAt(100, &now)
	for _, step := range []struct {
		after   time.Duration
		ip      string
		reserve float64
		want    int
	}{
		{0, "192.0.2.1", 0.25, 150}, // requests leave a quarter
		{0, "192.0.2.1", 0, 50},
		{0, "192.0.2.1", 0, 0},
		{0, "192.0.2.2", 0, 200},
		{time.Second, "192.0.2.1", 0, 100},
		{time.Hour, "192.0.2.1", 0, 200},
		// A /48 of IPv6 has four times as much as each /64 in it.
		{0, "2001:db8:1:1::1", 0, 200},
		{0, "2001:db8:1:1::2", 0, 0},
		{0, "2001:db8:1:2::1", 0, 200},
		{0, "2001:db8:1:3::1", 0, 200},
		{0, "2001:db8:1:4::1", 0, 200},
		{0, "2001:db8:1:5::1", 0, 0},
		{0, "2001:db8:2:1::1", 0, 200},
	} {
		now += step.after
		if got := spendAll(w, step.ip, step.reserve); got != step.want {
			t.Errorf("after %v, %s spends %d, want %d", now, step.ip, got, step.want)
		}
	}
	off := budgetAt(0, &now)
	if !off.spend(networksOf("192.0.2.1"), 1e9, 1) {
		t.Error("without limits, work is refused")
	}
}

// Ever new networks fill no memory, and a network that has used up its budget gains nothing by their number.
func TestAP04_BudgetsOfWorkAreForgottenWhenTheyAreFull(t *testing.T) {
	t.Parallel()
	var now time.Duration
	w := budgetAt(100, &now)
	for i := range 100 * minSweep {
		now += time.Millisecond
		w.spend(networksOf(fmt.Sprintf("10.%d.%d.%d", i>>16, i>>8&255, i&255)), 1, 0)
		spendAll(w, "192.0.2.1", 0)
		if i%100 == 99 && spendAll(w, "192.0.2.1", 0) != 0 {
			t.Fatal("a budget that is used up was forgotten")
		}
	}
	// Two seconds of networks, and as many again until the next sweep.
	if got := len(w.networks); got > 2*2_001+minSweep {
		t.Errorf("%d networks are remembered", got)
	}
}

// One connection does not use up what its network has.
func TestAP04_AConnectionHasABudgetOfItsOwn(t *testing.T) {
	t.Parallel()
	var now time.Duration
	w := budgetAt(100, &now)
	readAll := func() (n int) {
		closed := 0
		for m := newWorkMeter(w, networksOf("192.0.2.1"), func() { closed++ }); m.read(0, 1); n++ {
		}
		if closed != 1 {
			t.Errorf("the end of a connection is logged %d times", closed)
		}
		return n
	}
	for connection, want := range []int{100, 100, 0} {
		if got := readAll(); got != want {
			t.Errorf("connection %d reads %d frames, want %d", connection, got, want)
		}
	}
	now += time.Second
	// Bytes count as well.
	if m := newWorkMeter(w, networksOf("192.0.2.1"), func() {}); m.read(101*workBytes, 0) {
		t.Error("101 lots of bytes are read, want 100 at most")
	}
}
