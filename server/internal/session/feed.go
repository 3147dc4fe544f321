package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// A committed change takes effect within a second, whatever happens to a connection. The caches are trusted for staleAfter since
// the log was last read to its end. After that, Check asks the database.
const (
	staleAfter = 900 * time.Millisecond
	// The log is read this often even without a notification, since notifications can get lost silently. The interval is counted
	// from the beginning of one read to that of the next. So a slow database that answers within staleAfter less this interval
	// never makes the caches stale.
	readInterval = 400 * time.Millisecond
	// A connection is given up if a page takes longer. Meanwhile, Check asks the database.
	pageTimeout = 2 * time.Second
	// With much to read over a slow network, a page may take longer, since giving up would mean to start again.
	catchUpTimeout = 15 * time.Second
	connectTimeout = 5 * time.Second
	closeTimeout   = 100 * time.Millisecond
	// The wait before the next connection doubles from the first to the second value, and varies by half, so that replicas do not
	// all reconnect at once when the database comes back.
	firstReconnect, lastReconnect = 100 * time.Millisecond, 2 * time.Second
)

// feed follows the log of revocations and changed users on its own connection. A notification wakes it when the log grows.
type feed struct {
	db    *db.DB
	q     *dbsqlc.Queries
	log   *slog.Logger
	apply func(changes)

	// at is how far the log was read. The next connection continues from there.
	at position
	// behind means that the log has not been read to its end.
	behind bool
	uptime db.Stopwatch
	// readAt is when the last read that reached the end of the log began, in nanoseconds of uptime; zero before the first one.
	readAt atomic.Int64
	// pages counts the pages read.
	pages atomic.Int64
}

// fresh reports whether every revocation committed more than staleAfter ago has been read.
func (f *feed) fresh() bool {
	readAt := f.readAt.Load()
	return readAt > 0 && f.uptime.Elapsed()-time.Duration(readAt) < staleAfter
}

func (f *feed) run(ctx context.Context) {
	wait := firstReconnect
	for lost := false; ctx.Err() == nil; {
		err := f.follow(ctx, func() {
			if lost {
				f.log.InfoContext(ctx, "the log of revocations is followed again")
			}
			lost, wait = false, firstReconnect
		})
		if ctx.Err() != nil {
			return
		}
		if !lost {
			f.log.WarnContext(ctx, "the log of revocations cannot be followed; the database is asked about each call", "error", err)
		}
		lost = true
		select {
		case <-ctx.Done():
		case <-time.After(wait/2 + rand.N(wait)): //nolint:gosec // a wait is no secret
		}
		wait = min(2*wait, lastReconnect)
	}
}

// follow reads the log on one connection until the connection fails.
func (f *feed) follow(ctx context.Context, caughtUp func()) error {
	conn, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	for {
		began := f.uptime.Elapsed()
		if err := f.readOn(ctx, conn); err != nil {
			return err
		}
		f.readAt.Store(int64(began))
		caughtUp()
		if err := awaitNotification(ctx, conn, readInterval-(f.uptime.Elapsed()-began)); err != nil {
			return err
		}
	}
}

func (f *feed) connect(ctx context.Context) (*pgx.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	conn, err := f.db.Connect(ctx)
	if err != nil {
		return nil, err
	}
	// Before the first read, so that no entry is missed between the two.
	if _, err := conn.Exec(ctx, "LISTEN latchkey_revocations"); err != nil {
		_ = conn.Close(ctx)
		return nil, fmt.Errorf("listen: %w", err)
	}
	return conn, nil
}

// readOn reads the log to its end. After a failure, the next call continues after the last complete page.
func (f *feed) readOn(ctx context.Context, conn *pgx.Conn) error {
	timeout := pageTimeout
	if f.behind {
		timeout = catchUpTimeout
	}
	f.behind = true
	for {
		page, cancel := context.WithTimeout(ctx, timeout)
		next, n, err := readPage(page, f.q, conn, f.at, f.db.Clock())
		cancel()
		if err != nil {
			return fmt.Errorf("read the log of revocations: %w", err)
		}
		f.apply(n)
		f.at, timeout = next, catchUpTimeout
		f.pages.Add(1)
		if !next.unfinished() {
			f.behind = false
			return nil
		}
	}
}

// awaitNotification waits until the log grows, but no longer than atMost.
func awaitNotification(ctx context.Context, conn *pgx.Conn, atMost time.Duration) error {
	waiting, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	for {
		_, err := conn.WaitForNotification(waiting)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
			return nil
		case err != nil:
			return fmt.Errorf("wait for notifications: %w", err)
		}
		// One read serves all notifications that have arrived.
		cancel()
	}
}
