package session

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// What is committed takes effect within a second, whatever happens to a connection: memory is relied on for staleAfter
// since the log was last read, and after that nobody is let in by it.
const (
	staleAfter = 900 * time.Millisecond
	// The log is read this often, though nothing may announce that it has grown: notifications can get lost without a trace.
	// Counted from the beginning of one reading to that of the next, so that a database that is slow to answer, but answers
	// within readTimeout, never makes memory stale.
	readInterval = 400 * time.Millisecond
	// A connection that does not answer within this is given up. The database is asked about each call meanwhile.
	readTimeout = 450 * time.Millisecond
	// The first reading on a connection is of all that still matters, which may be much.
	firstReadTimeout = 10 * time.Second
	// Much longer than a healthy database takes.
	connectTimeout = 2 * time.Second
	// Between two connections.
	reconnectDelay = 100 * time.Millisecond
	closeTimeout   = 100 * time.Millisecond
)

// feed reads the log of what has ended and changed, on a connection of its own, which also wakes it when the log grows.
type feed struct {
	db    *db.DB
	q     *dbsqlc.Queries
	log   *slog.Logger
	apply func(news)

	uptime db.Stopwatch
	// readAt is when the last successful reading began, in nanoseconds of uptime; zero before the first one.
	readAt atomic.Int64
}

// fresh tells whether all that was committed up to staleAfter ago is known.
func (f *feed) fresh() bool {
	readAt := f.readAt.Load()
	return readAt > 0 && f.uptime.Elapsed()-time.Duration(readAt) < staleAfter
}

func (f *feed) run(ctx context.Context) {
	for lost := false; ctx.Err() == nil; {
		err := f.follow(ctx, func() {
			if lost {
				f.log.InfoContext(ctx, "the log of revocations is followed again")
			}
			lost = false
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
		case <-time.After(reconnectDelay):
		}
	}
}

// follow reads the log for as long as one connection lasts.
func (f *feed) follow(ctx context.Context, connected func()) error {
	conn, err := f.connect(ctx)
	if err != nil {
		return err
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTimeout)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	// Anew for each connection: it may lead to another server, one that has taken over or was restored, whose transaction
	// numbers are not those of the one before.
	var at position
	for timeout := firstReadTimeout; ; timeout = readTimeout {
		began := f.uptime.Elapsed()
		if at, err = f.read(ctx, conn, at, timeout); err != nil {
			return err
		}
		f.readAt.Store(int64(began))
		connected()
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

var errAnotherServer = errors.New("the log of revocations has gone back: another server answers")

// position is how far the log was read.
type position struct {
	// horizon is where to go on: no transaction below it can still commit.
	horizon int64
	// seen are the entries of the last reading. Those from the horizon on come again for as long as an older transaction is
	// open, and are acted on once.
	seen map[int64]struct{}
}

func (f *feed) read(ctx context.Context, conn *pgx.Conn, from position, timeout time.Duration) (position, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	rows, err := f.q.ListRevocations(ctx, conn, dbsqlc.ListRevocationsParams{Since: from.horizon, Now: f.db.Clock()})
	if err != nil {
		return from, fmt.Errorf("read the log of revocations: %w", err)
	}
	to := position{seen: make(map[int64]struct{}, len(rows))}
	n := news{Ended: map[id.Session]time.Time{}}
	for _, row := range rows {
		to.horizon = row.Horizon
		if row.ID == nil {
			continue
		}
		to.seen[*row.ID] = struct{}{}
		if _, heard := from.seen[*row.ID]; heard {
			continue
		}
		if row.SessionID != nil {
			n.Ended[id.Session(*row.SessionID)] = *row.ExpiresAt
		} else {
			n.Changed = append(n.Changed, id.User(*row.UserID))
		}
	}
	f.apply(n)
	// A pooler can go on with another server behind a connection that stays. One that has lost transactions gives their
	// numbers to new ones, which would never be asked for.
	if to.horizon < from.horizon {
		return from, errAnotherServer
	}
	return to, nil
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
