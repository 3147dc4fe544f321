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

// Run serves on the listener until the context ends, or a part of the server ends by itself. Then the server stops: it is not
// ready any more, takes no new connections, and lets the calls and messages that are under way finish.
//
// Run returns nil when it was told to stop and everything has finished in time. Messages that are not delivered by then stay in
// the database. A server of which a part has failed must not live on: it would take calls and deliver nothing, or believe tokens
// that were revoked.
func (a *App) Run(ctx context.Context, listener net.Listener) error {
	defer a.senders.close()
	// What keeps memory current goes on until the last call is answered.
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
	follow("the feed of revocations", a.sessions.Run)
	follow("the reload of keys", a.tokens.Run)
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
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
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
	case <-a.jobs.Stopped():
		err = errors.New("the job queue has ended by itself")
	}
	a.readiness.stopping.Store(true)
	a.shutdown.begin()
	if err != nil {
		a.cfg.Log.ErrorContext(ctx, "a part of the server has failed; the server stops", "error", err)
	}
	return errors.Join(err, a.drain(server, cutOff), stopFollowers())
}

// startWork returns once the log of revocations is followed and the job queue runs. Both need connections of their own, which
// Postgres may refuse.
func (a *App) startWork(ctx context.Context) error {
	if err := a.cfg.wait.until(ctx, "follow the log of revocations", a.awaitFeed); err != nil {
		return err
	}
	return a.cfg.wait.until(ctx, "start the job queue", a.jobs.Start)
}

const (
	// feedStart is how long one try to follow the log may take. The feed itself logs what keeps it.
	feedStart = 5 * time.Second
	feedPoll  = 2 * time.Millisecond
)

// awaitFeed waits until the log of revocations was read. Its error is temporary.
func (a *App) awaitFeed(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, min(feedStart, max(a.cfg.Settings.DatabaseWait, time.Second)))
	defer cancel()
	again := time.NewTicker(feedPoll)
	defer again.Stop()
	for a.sessions.FeedAge() > a.readiness.feedLimit {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the log of revocations was not read yet: %w", ctx.Err())
		case <-again.C:
		}
	}
	return nil
}

// unlessStopped returns nil for an error that comes of being told to stop.
func unlessStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		err = nil
	}
	return err
}
