package app

import (
	"fmt"
	"sync"
	"testing"
)

// takes acquires n for an address and returns how many it got.
func takes(l *networkLimit, ip string, n int) (got []holding) {
	for range n {
		if held, ok := l.acquire(ip); ok {
			got = append(got, held)
		}
	}
	return got
}

func TestAP04_ANetworkHasItsShare(t *testing.T) {
	t.Parallel()
	l := newNetworkLimit(4, 40)

	for _, c := range []struct {
		ip   string
		want int
	}{{"192.0.2.1", 4}, {"::ffff:192.0.2.1", 0}, {"192.0.2.2", 4}, {"no address", 4}} {
		if got := len(takes(l, c.ip, 10)); got != c.want {
			t.Errorf("%s got %d, want %d", c.ip, got, c.want)
		}
	}
}

func TestAP04_ASiteOfIPv6HasFourTimesAsMuch(t *testing.T) {
	t.Parallel()
	l := newNetworkLimit(4, 400)

	got := 0
	for network := range 10 {
		n := len(takes(l, fmt.Sprintf("2001:db8:1:%x::1", network), 5)) + len(takes(l, fmt.Sprintf("2001:db8:1:%x::2", network), 5))
		if n > 4 {
			t.Errorf("a /64 got %d", n)
		}
		got += n
	}
	if got != 16 {
		t.Errorf("a /48 got %d, want 16", got)
	}
	if n := len(takes(l, "2001:db8:2::1", 5)); n != 4 {
		t.Errorf("another /48 got %d, want 4", n)
	}
}

func TestAP04_AllNetworksTogetherHaveTheTotal(t *testing.T) {
	t.Parallel()
	l := newNetworkLimit(4, 10)

	var held []holding
	for i := range 20 {
		held = append(held, takes(l, fmt.Sprintf("192.0.2.%d", i), 2)...)
	}
	if len(held) != 10 {
		t.Errorf("together they got %d, want 10", len(held))
	}
	if _, ok := l.acquireExempt(); ok {
		t.Error("the total holds for trusted proxies too")
	}
	held[0].release()
	if _, ok := l.acquireExempt(); !ok {
		t.Error("what was released is not there again")
	}
}

func TestAP04_WithoutAShareOnlyTheTotalHolds(t *testing.T) {
	t.Parallel()
	if got := len(takes(newNetworkLimit(0, 10), "192.0.2.1", 20)); got != 10 {
		t.Errorf("got %d, want 10", got)
	}
}

func TestAP04_WhatIsReleasedIsForgotten(t *testing.T) {
	t.Parallel()
	l := newNetworkLimit(3, 20)
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			ip := fmt.Sprintf("192.0.2.%d", i%4)
			if i%2 == 0 {
				ip = fmt.Sprintf("2001:db8:%x::1", i%4)
			}
			for range 1_000 {
				for _, held := range takes(l, ip, 2) {
					held.release()
				}
			}
		})
	}
	group.Wait()
	if l.all != 0 || len(l.held) != 0 {
		t.Errorf("%d are held, by %v", l.all, l.held)
	}
}
