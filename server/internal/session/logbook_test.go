package session_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
)

// logbook keeps the log lines of a replica.
type logbook struct {
	mu    sync.Mutex
	lines []string
}

// Enabled keeps all levels.
func (*logbook) Enabled(context.Context, slog.Level) bool { return true }

// Handle keeps a line.
func (l *logbook) Handle(_ context.Context, r slog.Record) error {
	line := r.Level.String() + " " + r.Message
	r.Attrs(func(a slog.Attr) bool {
		line += fmt.Sprintf(" %s=%q", a.Key, a.Value.String())
		return true
	})
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
	return nil
}

// WithAttrs is not used here.
func (l *logbook) WithAttrs([]slog.Attr) slog.Handler { return l }

// WithGroup is not used here.
func (l *logbook) WithGroup(string) slog.Handler { return l }

func (l *logbook) count(part string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, line := range l.lines {
		if strings.Contains(line, part) {
			n++
		}
	}
	return n
}

// awaits waits until the log has n lines with some part.
func (l *logbook) awaits(t testing.TB, n int, part string) {
	t.Helper()
	await(t, "the log says: "+part, func() bool { return l.count(part) >= n })
}
