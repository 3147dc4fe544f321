package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A statement or a transaction that surely changed nothing runs again: at once when its connection was lost or Postgres ended
// it for the sake of another one, and after a short wait when Postgres takes no connections. So a restart of Postgres costs
// calls some time, and does not fail them. What may have taken effect never runs again.

const (
	// maxTries bounds how often the same work is begun. Transactions lock rows in one order, so deadlocks are rare; and a
	// connection that is known to be lost is not used (see dead).
	maxTries = 3
	// outageWait is how long calls wait for a database that takes no connections, counted from the first refusal. A restart
	// takes about a second. Later calls are told at once that the database is away.
	outageWait = 2 * time.Second
	firstPause = 20 * time.Millisecond
	lastPause  = 200 * time.Millisecond
)

// fate is what became of a statement or transaction.
type fate int

const (
	// settled means that it succeeded, failed for a reason of its own, or that its outcome is unknown.
	settled fate = iota
	// undone means that it changed nothing, and may succeed when it runs again.
	undone
	// refused means that it did not begin: Postgres took no connection.
	refused
)

// fateOfConnecting judges an error of the pool.
func fateOfConnecting(err error) fate {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) && Temporary(err) {
		return refused
	}
	return settled
}

// fateOfStatement judges the error of a statement that is a transaction of its own.
//
// Postgres ends a connection with the FATAL error 57P01 only before the statement's commit: it takes no such request while it
// commits, and a request that comes while the commit waits for a standby closes the connection without a word.
func (d *DB) fateOfStatement(conn *pgx.Conn, sql string, err error) fate {
	if err == nil || isTimeout(err) {
		return settled
	}
	d.lost(conn)
	if changedNothing(err) || reads(sql) && endedConnection(err) {
		return undone
	}
	return settled
}

// changedNothing reports whether the error proves that a statement or a commit did not take effect.
//
// pgconn.SafeToRetry proves nothing: after a connection was lost while the answer to a commit was due, pgx says "conn closed",
// which passes for safe.
func changedNothing(err error) bool {
	switch sqlState(err) {
	case serializationFailure, deadlockDetected, adminShutdown, cannotConnectNow, idleSessionTimeout:
		return true
	}
	return false
}

// endedConnection reports whether an error ended the connection, with whatever became of the statement.
func endedConnection(err error) bool {
	state := sqlState(err)
	return state == "" && lostConnection(err) || class(state) == operatorIntervention && state != queryCanceled ||
		class(state) == connectionException
}

// tries is what one caller has tried so far.
type tries struct {
	undone int
	pause  time.Duration
}

// again reports whether to try once more after err, and waits before it where that helps.
func (d *DB) again(ctx context.Context, t *tries, f fate, err error) bool {
	switch f {
	case undone:
		t.undone++
		return t.undone < maxTries && ctx.Err() == nil
	case refused:
		left := d.outage.left()
		if left <= 0 {
			return false
		}
		t.pause = min(max(2*t.pause, firstPause), lastPause)
		// All callers were refused at the same moment; the jitter spreads their next tries.
		return pause(ctx, min(left, t.pause/2+rand.N(t.pause))) == nil //nolint:gosec // no secret
	default:
		if err == nil || NotFound(err) {
			d.outage.end()
		}
		return false
	}
}

func pause(ctx context.Context, atMost time.Duration) error {
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// outage is the time during which Postgres takes no connections.
type outage struct {
	uptime Stopwatch
	// began is in nanoseconds of uptime; zero while there is no outage.
	began atomic.Int64
}

// left returns how much longer a caller may wait. The first caller that asks begins the outage.
func (o *outage) left() time.Duration {
	now := o.uptime.Elapsed()
	o.began.CompareAndSwap(0, int64(now))
	return outageWait - (now - time.Duration(o.began.Load()))
}

// end is called after every statement, so it writes nothing unless there was an outage.
func (o *outage) end() {
	if o.began.Load() != 0 {
		o.began.Store(0)
	}
}
