package app_test

import (
	"testing"
	"time"
)

// await polls a condition that nothing signals.
func await(t testing.TB, what string, reached func() bool) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for !reached() {
		select {
		case <-deadline.C:
			t.Fatalf("after a minute it is not so that %s", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}
