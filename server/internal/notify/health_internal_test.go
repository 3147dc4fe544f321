package notify

import (
	"testing"
	"time"
)

// A clock that the test moves.
func newTestHealth() (*health, func(time.Duration)) {
	at := now
	return newHealth(func() time.Time { return at }), func(d time.Duration) { at = at.Add(d) }
}

func TestHealth_RemembersTheLastFailureForAMinute(t *testing.T) {
	t.Parallel()

	h, advance := newTestHealth()
	if h.trouble() != nil || h.resting() {
		t.Error("a provider that was never asked is in trouble")
	}
	h.note(&SendError{Class: Busy})
	h.note(&SendError{Class: Refused}) // of one recipient
	advance(time.Minute)
	got := h.trouble()
	if got == nil || got.Class != Busy {
		t.Fatalf("after a minute: %v", got)
	}
	got.Class = Unreachable
	if h.trouble().Class != Busy {
		t.Error("a caller has changed what is remembered")
	}
	advance(time.Second)
	if got := h.trouble(); got != nil {
		t.Errorf("after more than a minute: %v", got)
	}
}

func TestHealth_ASuccessEndsTheTroubleAndNoRest(t *testing.T) {
	t.Parallel()

	h, advance := newTestHealth()
	h.note(&SendError{Class: Busy, RetryAfter: 10 * time.Minute})
	h.note(nil) // of a message that was sent before the failure, and answered after it
	if h.trouble() != nil {
		t.Error("the trouble is still there")
	}
	advance(9 * time.Minute)
	h.note(&SendError{Class: Unreachable})
	h.wake()
	advance(59 * time.Second)
	if !h.resting() {
		t.Error("the rest that the provider has asked for was cut short")
	}
	advance(time.Second)
	if h.resting() {
		t.Error("the rest does not end")
	}
}

func TestHealth_WakeEndsARestOfOurOwn(t *testing.T) {
	t.Parallel()

	h, _ := newTestHealth()
	h.note(&SendError{Class: Unreachable})
	if !h.resting() {
		t.Error("a provider in trouble does not rest")
	}
	h.wake()
	if h.resting() {
		t.Error("the rest goes on")
	}
}
