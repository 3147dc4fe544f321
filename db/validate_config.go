package db

import (
	"net/url"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A transaction holds one connection, and the job queue needs another one. The upper limit is above the usual configuration of
// Postgres.
const (
	minMaxConns = 2
	maxMaxConns = 1000
)

// Validate reports every setting that cannot be used.
func (c Config) Validate(report func(setting, format string, args ...any)) {
	if !c.URL.Empty() {
		u, err := url.Parse(c.URL.Reveal())
		if err == nil {
			// The parser's text can contain the password.
			_, err = pgxpool.ParseConfig(c.URL.Reveal())
		}
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			report("database-url", "is no Postgres URL; write it like postgres://user:password@host:5432/name")
		}
	}
	if n := c.MaxConns; n != 0 && (n < minMaxConns || n > maxMaxConns) {
		report("database-max-conns", "%d is not between %d and %d", n, minMaxConns, maxMaxConns)
	}
}
