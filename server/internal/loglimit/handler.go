package loglimit

import (
	"context"
	"log/slog"
)

// handler passes on the records that its limit allows.
type handler struct {
	slog.Handler
	limit *Limit
}

// Handler returns a handler that writes at most perMinute records a minute to next. The next record after that has the number of
// withheld ones.
func Handler(next slog.Handler, perMinute int) slog.Handler {
	return handler{next, New(perMinute)}
}

// Handle writes a record, or counts it.
func (h handler) Handle(ctx context.Context, record slog.Record) error {
	withheld, ok := h.limit.Allow()
	if !ok {
		return nil
	}
	if withheld > 0 {
		record = record.Clone()
		record.AddAttrs(slog.Int("withheld", withheld))
	}
	return h.Handler.Handle(ctx, record)
}

// WithAttrs keeps the limit.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.Handler.WithAttrs(attrs), h.limit}
}

// WithGroup keeps the limit.
func (h handler) WithGroup(name string) slog.Handler {
	return handler{h.Handler.WithGroup(name), h.limit}
}
