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

// shutdown is the time limit of everything that happens after the server was told to stop: one bound for calls, jobs,
// connections and an embedded Postgres together, since an orchestrator kills what takes longer.
type shutdown struct {
	limit time.Duration
	began atomic.Pointer[db.Stopwatch]
}

// begin starts the clock, once.
func (s *shutdown) begin() {
	now := db.StartStopwatch()
	s.began.CompareAndSwap(nil, &now)
}

// reserve is what calls and jobs leave to those that come after them.
func (s *shutdown) reserve() time.Duration { return min(time.Second, s.limit/5) }

// draining is how long calls and jobs may go on.
func (s *shutdown) draining() time.Duration { return s.limit - s.reserve() }

// left returns a context that ends so much before the limit.
func (s *shutdown) left(reserve time.Duration) (context.Context, context.CancelFunc) {
	left := s.limit - reserve
	if began := s.began.Load(); began != nil {
		left -= began.Elapsed()
	}
	return context.WithTimeout(context.Background(), left)
}

// await waits for what cannot be told how long it may take, and gives up before the limit.
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

// drain lets calls and jobs finish, each with a deadline of its own: a slow call takes no time from a message that is being
// sent, nor the other way round. What is late is cut off.
func (a *App) drain(server *http.Server, cutOff context.CancelCauseFunc) error {
	var group errgroup.Group
	group.Go(func() error { return a.drainCalls(server, cutOff) })
	group.Go(func() error {
		// The queue itself cancels jobs that take longer than draining; this much more is for writing down that it did.
		ctx, cancel := a.shutdown.left(a.shutdown.reserve() / 2)
		defer cancel()
		return a.jobs.Stop(ctx)
	})
	return group.Wait()
}

func (a *App) drainCalls(server *http.Server, cutOff context.CancelCauseFunc) error {
	inTime, cancel := a.shutdown.left(a.shutdown.reserve())
	defer cancel()
	if err := server.Shutdown(inTime); err == nil {
		return nil
	}
	// Their callers are told that the server is stopping, as long as they listen.
	cutOff(rpc.ErrStopping)
	late, cancelLate := a.shutdown.left(a.shutdown.reserve() / 2)
	defer cancelLate()
	_ = server.Shutdown(late)
	return errors.Join(errors.New("calls were cut off, which took longer than the shutdown may"), server.Close())
}
