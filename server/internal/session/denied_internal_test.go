package session

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/id"
)

func TestDeniedSessionsAreForgottenWithTheirTokens(t *testing.T) {
	t.Parallel()

	now := time.Unix(1_700_000_000, 0)
	d := newDenied()
	short, long := id.NewSession(), id.NewSession()
	d.add(map[id.Session]time.Time{short: now.Add(time.Minute), long: now.Add(24 * time.Hour)}, now)
	for range 10_000 {
		d.add(map[id.Session]time.Time{id.NewSession(): now.Add(time.Minute)}, now)
	}
	// Nothing new is needed for that: each reading of the log comes by.
	d.add(nil, now.Add(2*time.Minute))
	if !d.has(short) {
		t.Error("there was a walk through all of them, though the last one was a moment ago")
	}
	d.add(nil, now.Add(pruneInterval))
	if d.has(short) || !d.has(long) || len(d.until) != 1 {
		t.Errorf("%d are remembered", len(d.until))
	}
	d.add(nil, now.Add(25*time.Hour))
	if len(d.until) != 0 {
		t.Errorf("%d are remembered", len(d.until))
	}
}

func TestNothingLetsADeniedSessionInAgain(t *testing.T) {
	t.Parallel()

	now := time.Unix(1_700_000_000, 0)
	d := newDenied()
	session := id.NewSession()
	for _, until := range []time.Duration{time.Minute, time.Hour, -time.Hour, time.Second} {
		d.add(map[id.Session]time.Time{session: now.Add(until)}, now)
	}
	d.add(nil, now.Add(time.Hour))
	if !d.has(session) {
		t.Error("the latest end does not count")
	}
}
