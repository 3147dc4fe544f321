package app

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// databaseWait bounds how long a start waits for the database. All steps of the start share it. It begins with the first failure.
type databaseWait struct {
	limit time.Duration
	log   *slog.Logger
	// began is nil until a step fails.
	began *db.Stopwatch
}

func newDatabaseWait(limit time.Duration, log *slog.Logger) *databaseWait {
	return &databaseWait{limit: limit, log: log}
}

// The pauses between tries. They spare a database that is starting, and add little to the start.
const (
	firstDatabasePause = 100 * time.Millisecond
	lastDatabasePause  = 2 * time.Second
)

// until runs a step of the start. It retries after temporary errors of the database.
func (w *databaseWait) until(ctx context.Context, step string, take func(context.Context) error) error {
	for pause := firstDatabasePause; ; pause = min(2*pause, lastDatabasePause) {
		err := take(ctx)
		if err == nil || ctx.Err() != nil || !db.Temporary(err) {
			return err
		}
		if w.began == nil {
			began := db.StartStopwatch()
			w.began = &began
			w.log.WarnContext(ctx, "the database cannot be used yet; the start waits for it", "step", step, "for_at_most", w.limit, "error", err)
		}
		left := w.limit - w.began.Elapsed()
		if left <= 0 {
			return fmt.Errorf("the database could not be used for %s (LATCHKEY_DATABASE_WAIT): %s: %w", w.limit, step, err)
		}
		// The jitter spreads replicas that start together.
		timer := time.NewTimer(min(left, pause/2+rand.N(pause))) //nolint:gosec // no secret
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}
