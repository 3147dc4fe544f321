package jobs

import (
	"context"
	"log/slog"
)

// warnings passes on what somebody has to look at. River tells of much else that is not about this server's work.
type warnings struct{ slog.Handler }

// Enabled leaves everything below a warning out.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs keeps it so.
func (w warnings) WithAttrs(attributes []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attributes)}
}

// WithGroup keeps it so.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }
