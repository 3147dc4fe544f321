package settings

import (
	"net/url"

	"github.com/jackc/pgx/v5/pgxpool"
)

// A transaction holds one connection, and the job queue needs another one. The upper limit is above the usual configuration of
// Postgres.
const (
	minDatabaseConns = 2
	maxDatabaseConns = 1000
)

func (p *problems) database(s Settings) {
	if text := s.DatabaseURL; !text.Empty() {
		u, err := url.Parse(text.Reveal())
		if err == nil {
			// The parser's text can contain the password.
			_, err = pgxpool.ParseConfig(text.Reveal())
		}
		if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
			p.add("database-url", "is no Postgres URL; write it like postgres://user:password@host:5432/name")
		}
	}
	if n := s.DatabaseMaxConns; n != 0 && (n < minDatabaseConns || n > maxDatabaseConns) {
		p.add("database-max-conns", "%d is not between %d and %d", n, minDatabaseConns, maxDatabaseConns)
	}
}
