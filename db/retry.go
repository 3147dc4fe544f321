package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// A statement or transaction that provably changed nothing runs again. It runs at once after a deadlock or on a lost
// connection, and after a short wait when Postgres accepts no connections. Work that may have taken effect never runs again.

const (
	// maxAttempts limits the attempts of the same work. Transactions lock rows in one order, so deadlocks are rare. A lost
	// connection replaces the whole pool, so the second attempt has a new one.
	maxAttempts = 3
	// outageWait bounds the wait for a database that accepts no connections, counted from the first failure. A restart takes
	// about a second. In a longer outage, later calls fail at once.
	outageWait = 2 * time.Second
	firstPause = 20 * time.Millisecond
	lastPause  = 200 * time.Millisecond
)

// outcome is the outcome of a statement or transaction.
type outcome int

const (
	// final means success, a failure that would repeat, or an unknown outcome.
	final outcome = iota
	// rolledBack means that nothing changed, and that another attempt may succeed.
	rolledBack
	// notConnected means that nothing was sent: Postgres accepted no connection.
	notConnected
)

// connectOutcome classifies an error of the pool.
func connectOutcome(err error) outcome {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) && Temporary(err) {
		return notConnected
	}
	return final
}

// statementOutcome classifies the error of a statement that is a transaction of its own, or of a commit.
func (d *DB) statementOutcome(conn *pgx.Conn, sql string, err error) outcome {
	if err == nil || isTimeout(err) {
		return final
	}
	d.replaceIfLost(conn)
	if changedNothing(err) || isReadOnly(sql) && connectionEnded(err) {
		return rolledBack
	}
	return final
}

// changedNothing reports whether the error proves that a statement or commit did not take effect.
//
// Postgres sends the FATAL error 57P01 only before it commits. It handles no termination request during a commit, and a
// request during the wait for a synchronous standby closes the connection without an error.
//
// pgconn.SafeToRetry proves nothing. When a connection breaks before the answer to a commit, pgx 5.12 returns "conn closed",
// which counts as safe.
func changedNothing(err error) bool {
	switch sqlState(err) {
	case serializationFailure, deadlockDetected, adminShutdown, cannotConnectNow, idleSessionTimeout:
		return true
	}
	return false
}

// connectionEnded reports whether the error ended the connection. The statement may have taken effect.
func connectionEnded(err error) bool {
	state := sqlState(err)
	return state == "" && lostConnection(err) || class(state) == operatorIntervention && state != queryCanceled ||
		class(state) == connectionException
}

// tries counts the attempts of one caller.
type tries struct {
	rolledBack int
	pause      time.Duration
}

// shouldRetry reports whether the caller should try again after err. It waits first if Postgres accepts no connections.
func (d *DB) shouldRetry(ctx context.Context, t *tries, o outcome, err error) bool {
	switch o {
	case rolledBack:
		t.rolledBack++
		return t.rolledBack < maxAttempts && ctx.Err() == nil
	case notConnected:
		left := d.outage.waitLeft()
		if left <= 0 {
			return false
		}
		t.pause = min(max(2*t.pause, firstPause), lastPause)
		// All callers fail at the same moment. The jitter spreads their next attempts.
		return sleep(ctx, min(left, t.pause/2+rand.N(t.pause))) == nil //nolint:gosec // no secret
	default:
		if err == nil || NotFound(err) {
			d.outage.end()
		}
		return false
	}
}

func sleep(ctx context.Context, duration time.Duration) error {
	timer := time.NewTimer(duration)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
