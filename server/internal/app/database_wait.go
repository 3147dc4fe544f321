package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// databaseWait ends a start that makes no progress with the database for longer than its limit. All steps of the start share it.
// A finished step counts as progress, and so does each call of progressed. The total time of a start is not limited.
type databaseWait struct {
	limit  time.Duration
	log    *slog.Logger
	uptime db.Stopwatch
	// progressAt is when the start last made progress, in nanoseconds of uptime.
	progressAt atomic.Int64
	// logged is set once it was logged that the start waits.
	logged bool
}

func newDatabaseWait(limit time.Duration, log *slog.Logger) *databaseWait {
	return &databaseWait{limit: limit, log: log, uptime: db.StartStopwatch()}
}

const (
	// The pauses between attempts. They spare a starting database, and add little to the start.
	firstDatabasePause = 100 * time.Millisecond
	lastDatabasePause  = 2 * time.Second
	// An attempt has at least this time. The limit can be zero, which means a single attempt.
	shortestTry = time.Second
)

var errNoProgress = errors.New("the start made no progress")

// until runs a step of the start. It retries after temporary errors of the database, and cancels an attempt when the wait is
// over.
func (w *databaseWait) until(ctx context.Context, step string, take func(context.Context) error) error {
	return w.retry(ctx, step, func(ctx context.Context) error { return w.try(ctx, take) })
}

// retry is like until, for a step that limits its attempts itself.
func (w *databaseWait) retry(ctx context.Context, step string, take func(context.Context) error) error {
	w.progressed()
	for pause := firstDatabasePause; ; pause = min(2*pause, lastDatabasePause) {
		err := take(ctx)
		if err == nil || ctx.Err() != nil || !db.Temporary(err) && !errors.Is(err, errNoProgress) {
			return err
		}
		if w.left() > 0 {
			if !w.logged {
				w.logged = true
				w.log.WarnContext(ctx, "the database cannot be used yet; the start waits for it", "step", step, "for_at_most", w.limit, "error", err)
			}
			// The jitter spreads replicas that start together.
			timer := time.NewTimer(min(w.left(), pause/2+rand.N(pause))) //nolint:gosec // no secret
			select {
			case <-ctx.Done():
				timer.Stop()
				return ctx.Err()
			case <-timer.C:
			}
		}
		if w.left() <= 0 {
			return fmt.Errorf("the database could not be used for %s (LATCHKEY_DATABASE_WAIT): %s: %w", w.limit, step, err)
		}
	}
}

// try runs take with a context that ends when the wait is over. Its error is then errNoProgress.
func (w *databaseWait) try(ctx context.Context, take func(context.Context) error) error {
	trying, cancel := context.WithCancelCause(ctx)
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			left := w.left() + max(0, shortestTry-w.limit)
			if left <= 0 {
				cancel(errNoProgress)
				return
			}
			timer := time.NewTimer(left)
			select {
			case <-trying.Done():
				timer.Stop()
				return
			case <-timer.C:
			}
		}
	}()
	err := take(trying)
	cancel(nil)
	<-watched
	if err != nil && errors.Is(context.Cause(trying), errNoProgress) {
		return fmt.Errorf("%w: %w", errNoProgress, err)
	}
	return err
}

// progressed restarts the wait.
func (w *databaseWait) progressed() { w.progressAt.Store(int64(w.uptime.Elapsed())) }

// uncounted runs do without counting its time as waiting.
func (w *databaseWait) uncounted(do func() error) error {
	began := w.uptime.Elapsed()
	defer func() { w.progressAt.Add(int64(w.uptime.Elapsed() - began)) }()
	return do()
}

// left returns how much longer the start may go without progress.
func (w *databaseWait) left() time.Duration {
	return w.limit - (w.uptime.Elapsed() - time.Duration(w.progressAt.Load()))
}
