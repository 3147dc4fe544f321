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

// What is committed takes effect within a second, whatever happens to a connection: memory is relied on for staleAfter
// since the log was last read to its end, and after that no call is let in by it.
const (
	staleAfter = 900 * time.Millisecond
	// The log is read this often, though nothing may announce that it has grown: notifications can get lost without a trace.
	// Counted from the beginning of one reading to that of the next, so that a database that is slow to answer, but answers
	// within staleAfter less this, never makes memory stale.
	readInterval = 400 * time.Millisecond
	// A connection on which a page does not arrive within this is given up. The database is asked about each call meanwhile.
	pageTimeout = 2 * time.Second
	// While much is to be read, a page may take longer over a slow network, and to give it up would be to begin it again.
	catchUpTimeout = 15 * time.Second
	connectTimeout = 5 * time.Second
	closeTimeout   = 100 * time.Millisecond
	// The wait between two connections doubles from the first to the second, and varies by half, so that the replicas of a
	// database that comes back do not all come at once.
	firstReconnect, lastReconnect = 100 * time.Millisecond, 2 * time.Second
)

// feed follows the log of what has ended and changed, on a connection of its own, which also wakes it when the log grows.
type feed struct {
	db    *db.DB
	q     *dbsqlc.Queries
	log   *slog.Logger
	apply func(changes)

	// at is how far the log was read. It outlasts a connection: the next one goes on from there.
	at position
	// behind is set while the log was not read to its end.
	behind bool
	uptime db.Stopwatch
	// readAt is when the last reading began that came to the log's end, in nanoseconds of uptime; zero before the first one.
	readAt atomic.Int64
	// pages counts the pages that were read.
	pages atomic.Int64
}

// fresh reports whether every revocation committed more than staleAfter ago is known.
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

// follow reads the log for as long as one connection lasts.
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
	// Before the first reading, so that nothing falls between the two.
	if _, err := conn.Exec(ctx, "LISTEN latchkey_revocations"); err != nil {
		_ = conn.Close(ctx)
		return nil, fmt.Errorf("listen: %w", err)
	}
	return conn, nil
}

// readOn reads the log to its end. When it fails, what it has read is not read again.
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

// awaitNotification waits until the log has grown, and for so long at most.
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
		// One reading serves all notifications that have come.
		cancel()
	}
}
