package loglimit

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// watch is a stopwatch that a test moves.
type watch struct{ now time.Duration }

func (w *watch) elapsed() time.Duration { return w.now }

// lines are what was written, without the time.
func lines(text string) []string {
	text = regexp.MustCompile(`time=\S+ `).ReplaceAllString(text, "")
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

func TestAnOutageHasALineAMinute(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	w := &watch{}
	outage := NewOutage(slog.New(slog.NewTextHandler(&text, nil)))
	outage.elapsed = w.elapsed
	down := errors.New("connection refused")
	fail := func(n int) {
		for range n {
			outage.Failed(context.Background(), "req_1", down)
		}
	}
	succeed := func() { outage.Succeeded(context.Background()) }

	succeed()
	w.now = time.Hour
	fail(1_000)
	w.now += 59 * time.Second
	fail(1_000)
	succeed() // without the database
	w.now += time.Second
	fail(1_000)
	w.now += 9 * time.Second
	succeed()
	w.now += time.Second
	succeed()
	succeed()
	// Another one, which does not wait for a minute.
	fail(1)

	want := []string{
		`level=ERROR msg=unavailable request=req_1 error="connection refused"`,
		`level=ERROR msg="still unavailable" request=req_1 error="connection refused" refused=2000 since=1m0s`,
		`level=INFO msg="available again" refused=3000 after=1m0s`,
		`level=ERROR msg=unavailable request=req_1 error="connection refused"`,
	}
	if diff := cmp.Diff(want, lines(text.String())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestLinesBeyondALimitAreCounted(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	w := &watch{}
	h := Handler(slog.NewTextHandler(&text, nil), 2).(handler)
	h.limit.elapsed = w.elapsed
	log := slog.New(h)
	// All that is made of it shares the limit.
	others := log.With("kind", "other")

	for range 50 {
		log.Warn("one")
		others.Warn("two")
	}
	w.now = time.Minute
	log.Warn("three")
	log.Warn("four")

	want := []string{`level=WARN msg=one`, `level=WARN msg=two kind=other`, `level=WARN msg=three withheld=98`, `level=WARN msg=four`}
	if diff := cmp.Diff(want, lines(text.String())); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAnOutageOfManyCallsAtOnceHasOneLine(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	outage := NewOutage(slog.New(slog.NewTextHandler(&text, nil)))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 500 {
				outage.Failed(context.Background(), "req_1", errors.New("down"))
				outage.Succeeded(context.Background())
			}
		})
	}
	group.Wait()
	if got := lines(text.String()); len(got) != 1 {
		t.Errorf("the log has %d lines: %s", len(got), text.String())
	}
}
