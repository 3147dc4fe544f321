//go:build linux || darwin

package devpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
)

// local is a server that this package starts: a directory, a password and a postmaster.
type local struct {
	opts       Options
	account    *account
	clusterDir *clusterDir
	binaries   binaries
	password   string

	url        string
	postmaster *child

	stopping sync.Mutex
	stopped  bool
}

func startLocal(ctx context.Context, opts Options) (_ *Server, err error) {
	if opts.search == nil {
		opts.search = defaultSearch()
	}
	acct, err := accountFor(ctx, opts.Dir)
	if err != nil {
		return nil, err
	}
	p, err := openClusterDir(ctx, opts, acct)
	if err != nil {
		return nil, err
	}
	l := &local{opts: opts, account: acct, clusterDir: p}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()

	if err := l.prepare(ctx); err != nil {
		return nil, err
	}
	port, err := l.startPostmaster(ctx)
	if err != nil {
		return nil, err
	}
	go l.watch()
	s := &Server{
		url:         l.url,
		description: fmt.Sprintf("PostgreSQL %s from %s on port %d, files in %s", l.binaries.version, l.binaries.dir, port, p.dir),
		stop:        l.stop,
		ended:       l.postmaster.exited,
	}
	opts.Log.Info("Postgres is ready", slog.String("server", s.description))
	return s, nil
}

// prepare creates the cluster if needed, and finds binaries for it.
func (l *local) prepare(ctx context.Context) error {
	major, err := l.clusterDir.clusterMajor(l.opts.Log)
	if err != nil {
		return err
	}
	if l.password, err = l.clusterDir.password(l.account, major == 0); err != nil {
		return err
	}
	if l.binaries, err = findBinaries(ctx, l.opts, l.account, l.clusterDir, major); err != nil {
		return err
	}
	if major != 0 {
		return nil
	}
	return l.clusterDir.makeCluster(ctx, l.opts, l.account, l.binaries)
}

// watch logs an end without a Stop. It also keeps the lock and the watchdog from being closed by the garbage collector if a
// caller keeps the URL alone.
func (l *local) watch() {
	<-l.postmaster.exited
	l.stopping.Lock()
	defer l.stopping.Unlock()
	if !l.stopped {
		l.opts.Log.Error("Postgres has ended by itself", slog.String("dir", l.clusterDir.dir), slog.Any("how", l.postmaster.err))
	}
}

func (l *local) stop(ctx context.Context) error {
	l.stopping.Lock()
	defer l.stopping.Unlock()
	if l.stopped {
		return nil
	}
	l.stopped = true
	return errors.Join(l.postmaster.stop(ctx), l.clusterDir.close())
}
