package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Run starts the parts of the server in order, and serves on the listener until the context ends or a part fails. Then it stops
// being ready, closes the listener, and lets running calls and jobs finish.
//
// Run returns nil if it was told to stop and everything finished in time. It returns an error if a part failed: such a server
// must not run on, since it would acknowledge calls and deliver nothing, or accept revoked tokens. Jobs that did not run stay
// in the database.
func (a *App) Run(ctx context.Context, listener net.Listener) error {
	defer a.senders.close()
	// The followers keep the caches current until the last call is answered. Without them, each call would ask the database.
	following, stopFollowing := context.WithCancel(context.WithoutCancel(ctx))
	defer stopFollowing()
	var followers sync.WaitGroup
	ended := make(chan error, 3)
	follow := func(what string, run func(context.Context)) {
		followers.Go(func() {
			run(following)
			if following.Err() == nil {
				ended <- fmt.Errorf("%s has ended by itself", what)
			}
		})
	}
	follow("the feed of revocations", a.Sessions.Run)
	follow("the reload of keys", a.Tokens.Run)
	stopFollowers := func() error {
		stopFollowing()
		return a.shutdown.await("the feed of revocations and the reload of keys", followers.Wait)
	}

	err := a.startWork(ctx)
	if err != nil {
		a.shutdown.begin()
		return errors.Join(unlessStopped(ctx, err), stopFollowers())
	}
	calling, cutOff := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cutOff(nil)
	server := newHTTPServer(a.handler, a.cfg.Log)
	server.BaseContext = func(net.Listener) context.Context { return calling }
	go func() {
		if err := server.Serve(a.limited(listener)); !errors.Is(err, http.ErrServerClosed) {
			ended <- fmt.Errorf("serve: %w", err)
		}
	}()
	a.readiness.started.Store(true)
	if a.cfg.OnServing != nil {
		a.cfg.OnServing()
	}

	select {
	case <-ctx.Done():
	case err = <-ended:
	case <-a.Jobs.Stopped():
		err = errors.New("the job queue has ended by itself")
	case <-a.cfg.postgresEnded:
		err = errors.New("the embedded Postgres has ended by itself")
	}
	a.readiness.stopping.Store(true)
	a.shutdown.begin()
	if err != nil {
		a.cfg.Log.ErrorContext(ctx, "a part of the server has failed; the server stops", "error", err)
	}
	return errors.Join(err, a.drain(server, cutOff), stopFollowers())
}

// startWork returns once the log of revocations was read and the job queue runs. Both need their own connections, which Postgres
// may refuse.
func (a *App) startWork(ctx context.Context) error {
	if err := a.cfg.wait.until(ctx, "follow the log of revocations", a.awaitFeed); err != nil {
		return err
	}
	return a.cfg.wait.until(ctx, "start the job queue", a.Jobs.Start)
}

// feedPoll is how often the start checks the progress of the first read.
const feedPoll = 2 * time.Millisecond

// awaitFeed waits for the first read of the log of revocations. Each page of it is progress, so a long log may take longer than
// the wait. The feed itself retries, and logs its errors.
func (a *App) awaitFeed(ctx context.Context) error {
	again := time.NewTicker(feedPoll)
	defer again.Stop()
	pages := a.Sessions.PagesRead()
	for a.Sessions.FeedAge() > a.readiness.feedLimit {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the log of revocations was not read yet: %w", ctx.Err())
		case <-again.C:
		}
		if n := a.Sessions.PagesRead(); n > pages {
			pages = n
			a.cfg.wait.progressed()
		}
	}
	return nil
}

// unlessStopped returns nil for an error that is due to the end of the context.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = nil
	}
	return err
}
