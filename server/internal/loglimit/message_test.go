package loglimit

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestEachMessageHasALimitOfItsOwn(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	w := &watch{}
	h := ByMessage(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug}), 2).(byMessage)
	log := slog.New(h)
	// All that is made of it shares the limits.
	other := log.With("kind", "other")
	log.Warn("one")
	h.limits.of["one"].elapsed = w.elapsed
	for range 50 {
		log.Warn("one")
		other.Error("one")
	}
	log.Info("two")
	for range 3 {
		log.Debug("three")
	}
	w.now = time.Minute
	other.Warn("one")

	want := []string{
		`level=WARN msg=one`, `level=WARN msg=one`, `level=INFO msg=two`,
		`level=DEBUG msg=three`, `level=DEBUG msg=three`, `level=DEBUG msg=three`,
		`level=WARN msg=one kind=other withheld=99`,
	}
	if diff := cmp.Diff(want, lines(text.String())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// A library that writes data into its messages fills neither the memory nor the log.
func TestMessagesThatNeverRepeatShareALimit(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	h := ByMessage(slog.NewTextHandler(&text, nil), 2).(byMessage)
	log := slog.New(h)
	for i := range 10 * maxMessages {
		log.Warn(fmt.Sprintf("%d is wrong", i))
	}
	if got := len(lines(text.String())); got != maxMessages+2 || len(h.limits.of) != maxMessages {
		t.Errorf("there are %d lines, and limits of %d messages", got, len(h.limits.of))
	}
}
