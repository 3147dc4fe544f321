package db

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// NotFound tells whether a query that should give a row gave none.
func NotFound(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// SQLSTATE codes, from the appendix "PostgreSQL Error Codes" of its manual.
const (
	uniqueViolation     = "23505"
	referenceViolation  = "23503"
	tooManyConnections  = "53300"
	connectionException = "08" // a whole class
	operatorEnded       = "57P"
	rolledBack          = "40" // a deadlock or a conflict between transactions
	undefinedTable      = "42P01"
	undefinedColumn     = "42703"
)

// ViolatedUnique gives the name of the unique constraint or index that refused a row, or "" for any other error.
func ViolatedUnique(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && pg.Code == uniqueViolation {
		return pg.ConstraintName
	}
	return ""
}

// ViolatedReference tells whether a row was refused since one that it refers to is gone.
func ViolatedReference(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == referenceViolation
}

// gaveWay tells whether Postgres has ended a transaction for the sake of another one.
func gaveWay(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && strings.HasPrefix(pg.Code, rolledBack)
}

// Unavailable tells whether the database, or the way to it, is down or gave up, so that the same call can succeed later. Errors
// about what was asked are not of this kind.
func Unavailable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == tooManyConnections ||
			strings.HasPrefix(pg.Code, connectionException) ||
			strings.HasPrefix(pg.Code, operatorEnded) ||
			strings.HasPrefix(pg.Code, rolledBack)
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, net.ErrClosed) ||
		// Also what a pool says when every connection stayed busy until the call's deadline.
		errors.Is(err, context.DeadlineExceeded)
}

// ErrNotFound is what NotFound looks for, for those who know without a query that there is no row.
var ErrNotFound = pgx.ErrNoRows

// OtherSchema tells whether a statement does not fit the database, since its schema is not of this program's version.
func OtherSchema(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && (pg.Code == undefinedTable || pg.Code == undefinedColumn)
}
