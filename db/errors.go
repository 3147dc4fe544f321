package db

import (
	"context"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// NotFound reports whether a query that should return a row returned none.
func NotFound(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// ErrNotFound is NotFound's error, for callers that know without a query that there is no row.
var ErrNotFound = pgx.ErrNoRows

// SQLSTATE codes and classes, from the appendix "PostgreSQL Error Codes" of its manual.
const (
	referenceViolation   = "23503"
	uniqueViolation      = "23505"
	readOnlyTransaction  = "25006"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
	undefinedTable       = "42P01"
	undefinedColumn      = "42703"
	lockNotAvailable     = "55P03"
	queryCanceled        = "57014"
	adminShutdown        = "57P01"
	cannotConnectNow     = "57P03"
	idleSessionTimeout   = "57P05"

	connectionException    = "08"
	transactionRollback    = "40"
	insufficientResources  = "53"
	operatorIntervention   = "57"
	systemError            = "58"
	idleInTransactionEnded = "25P03"
	transactionTimeout     = "25P04"
)

// ViolatedUnique returns the name of the unique constraint or index that refused a row, or "" for any other error.
func ViolatedUnique(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation {
		return pg.ConstraintName
	}
	return ""
}

// ViolatedReference reports whether a row was refused because a row that it refers to is gone.
func ViolatedReference(err error) bool { return sqlState(err) == referenceViolation }

// OtherSchema reports whether a statement does not fit the database, whose schema is not of this program's version.
func OtherSchema(err error) bool {
	state := sqlState(err)
	return state == undefinedTable || state == undefinedColumn
}

// Unavailable reports whether the database cannot serve for now, or cannot be reached, so that the same call can succeed later.
// It is false for errors that the statement itself causes.
func Unavailable(err error) bool {
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		// Without a connection, the call itself cannot be at fault.
		return true
	}
	return Temporary(err)
}

// Temporary reports whether an attempt a moment later can succeed: the database is down, starting, read-only, or out of
// connections. It is false for a wrong password, an unknown database and an untrusted certificate.
func Temporary(err error) bool {
	if state := sqlState(err); state != "" {
		return unavailableState(state)
	}
	return lostConnection(err) || isTimeout(err)
}

// unavailableState reports whether an SQLSTATE means that Postgres cannot serve for now.
func unavailableState(state string) bool {
	switch state {
	// A standby, or a primary that its operator made read-only.
	case readOnlyTransaction, lockNotAvailable, idleInTransactionEnded, transactionTimeout:
		return true
	}
	switch class(state) {
	case connectionException, transactionRollback, insufficientResources, operatorIntervention, systemError:
		return true
	}
	return false
}

// lostConnection reports whether a connection broke, before or after the statement was sent.
func lostConnection(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) || pgconn.SafeToRetry(err)
}

// isTimeout reports whether time ran out. A pool returns it too if all connections stay in use until the deadline.
func isTimeout(err error) bool {
	return errors.Is(err, context.DeadlineExceeded) || pgconn.Timeout(err)
}

// sqlState returns the SQLSTATE of the server's error, or "" if there is none.
func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

func class(state string) string {
	if len(state) < 2 {
		return ""
	}
	return state[:2]
}
