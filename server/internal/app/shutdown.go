package app

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// shutdown is the time limit of a shutdown: one bound for calls, jobs, connections and an embedded Postgres together. An
// orchestrator kills a process that takes longer.
type shutdown struct {
	limit time.Duration
	began atomic.Pointer[db.Stopwatch]
}

// begin starts the clock. Later calls do nothing.
func (s *shutdown) begin() {
	now := db.StartStopwatch()
	s.began.CompareAndSwap(nil, &now)
}

// reserve returns the time that calls and jobs leave for closing connections and Postgres.
func (s *shutdown) reserve() time.Duration { return min(time.Second, s.limit/5) }

// draining returns how long running calls and jobs may take.
func (s *shutdown) draining() time.Duration { return s.limit - s.reserve() }

// left returns a context that ends the given time before the limit.
func (s *shutdown) left(reserve time.Duration) (context.Context, context.CancelFunc) {
	left := s.limit - reserve
	if began := s.began.Load(); began != nil {
		left -= began.Elapsed()
	}
	return context.WithTimeout(context.Background(), left)
}

// await calls wait, and returns an error if that does not return shortly before the limit.
func (s *shutdown) await(what string, wait func()) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		wait()
	}()
	ctx, cancel := s.left(s.reserve() / 4)
	defer cancel()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("%s did not stop in time", what)
	}
}

// drain lets running calls and jobs finish in parallel, each with its own deadline: a slow call must not take the time in which a
// message is sent and recorded.
func (a *App) drain(server *http.Server, cutOff context.CancelCauseFunc) error {
	var group errgroup.Group
	group.Go(func() error { return a.drainCalls(server, cutOff) })
	group.Go(func() error {
		// The queue cancels jobs that take longer than draining. The rest of the time is for recording that.
		ctx, cancel := a.shutdown.left(a.shutdown.reserve() / 2)
		defer cancel()
		return a.Jobs.Stop(ctx)
	})
	return group.Wait()
}

func (a *App) drainCalls(server *http.Server, cutOff context.CancelCauseFunc) error {
	inTime, cancel := a.shutdown.left(a.shutdown.reserve())
	defer cancel()
	if err := server.Shutdown(inTime); err == nil {
		return nil
	}
	// Callers that are still connected get an answer.
	cutOff(rpc.ErrStopping)
	late, cancelLate := a.shutdown.left(a.shutdown.reserve() / 2)
	defer cancelLate()
	_ = server.Shutdown(late)
	return errors.Join(errors.New("calls were cut off: they took longer than LATCHKEY_SHUTDOWN_TIMEOUT allows"), server.Close())
}
