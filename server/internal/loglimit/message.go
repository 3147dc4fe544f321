package loglimit

import (
	"context"
	"log/slog"
	"sync"
)

// maxMessages limits how many messages have their own limit. Messages are constants of the program and its libraries, which have
// fewer. If a library puts data into its messages, all later messages share one limit.
const maxMessages = 256

// byMessage passes on the records that the limit for their message allows.
type byMessage struct {
	slog.Handler
	limits *limits
}

// limits has a limit for each message.
type limits struct {
	perMinute int
	later     *Limit

	mu sync.Mutex
	of map[string]*Limit
}

// ByMessage returns a handler that writes at most perMinute records a minute with the same message to next. The next record has
// the number of withheld ones. So a repeated message does not withhold other messages. Debug records have no limit.
func ByMessage(next slog.Handler, perMinute int) slog.Handler {
	return byMessage{next, &limits{perMinute: perMinute, later: New(perMinute), of: map[string]*Limit{}}}
}

// Handle writes a record, or counts it.
func (h byMessage) Handle(ctx context.Context, record slog.Record) error {
	if record.Level < slog.LevelInfo {
		return h.Handler.Handle(ctx, record)
	}
	return handler{h.Handler, h.limits.limit(record.Message)}.Handle(ctx, record)
}

func (l *limits) limit(message string) *Limit {
	l.mu.Lock()
	defer l.mu.Unlock()
	limit, ok := l.of[message]
	switch {
	case ok:
		return limit
	case len(l.of) == maxMessages:
		return l.later
	}
	limit = New(l.perMinute)
	l.of[message] = limit
	return limit
}

// WithAttrs keeps the limits.
func (h byMessage) WithAttrs(attrs []slog.Attr) slog.Handler {
	return byMessage{h.Handler.WithAttrs(attrs), h.limits}
}

// WithGroup keeps the limits.
func (h byMessage) WithGroup(name string) slog.Handler {
	return byMessage{h.Handler.WithGroup(name), h.limits}
}
