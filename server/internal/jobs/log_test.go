package jobs_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

// failures counts the statements that fail.
type failures struct{ n atomic.Int64 }

// TraceQueryStart does nothing.
func (f *failures) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd counts a statement that has failed.
func (f *failures) TraceQueryEnd(_ context.Context, _ *pgx.Conn, end pgx.TraceQueryEndData) {
	if end.Err != nil {
		f.n.Add(1)
	}
}

type chore struct{}

func (chore) Kind() string { return "chore" }

type choreWorker struct{ river.WorkerDefaults[chore] }

func (choreWorker) Work(context.Context, *river.Job[chore]) error { return nil }

// logText keeps a log that many goroutines write.
type logText struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write keeps a line.
func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns the lines so far.
func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// While the database fails, each queue fails to fetch jobs again and again.
func TestLG04_AnOutageHasFewLinesOfTheJobQueue(t *testing.T) {
	t.Parallel()
	failed := &failures{}
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(dbtest.URL(t)), Tracer: failed})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	log := &logText{}
	set := jobs.NewSet()
	river.AddWorker(set.Workers, choreWorker{})
	for _, queue := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		set.Queue(queue, 1)
	}
	client, err := jobs.New(d, set, slog.New(slog.NewTextHandler(log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = client.Stop(context.WithoutCancel(t.Context())) }()

	if _, err := d.Exec(t.Context(), "ALTER TABLE river_job RENAME TO away"); err != nil {
		t.Fatal(err)
	}
	awaitFailures(t, failed, 40)

	const most = 3
	lines := map[string]int{}
	for line := range strings.Lines(log.String()) {
		_, message, _ := strings.Cut(line, "msg=")
		message, _, _ = strings.Cut(message, `" `)
		lines[message]++
	}
	if len(lines) == 0 {
		t.Error("the log does not say that the queue fails")
	}
	for message, n := range lines {
		if n > most {
			t.Errorf("%d lines say %s, want %d at most", n, message, most)
		}
	}
}

func awaitFailures(t *testing.T, failed *failures, n int64) {
	t.Helper()
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for failed.n.Load() < n {
		select {
		case <-again.C:
		case <-deadline.C:
			t.Fatalf("%d statements have failed, want %d", failed.n.Load(), n)
		}
	}
}
