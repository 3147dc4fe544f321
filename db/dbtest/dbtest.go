// Package dbtest gives each test a fresh, migrated Postgres database of its own.
//
// The server is the one that LATCHKEY_TEST_DATABASE_URL names, whose user may create databases: `make test` starts one for
// all packages, by package withpostgres. Without it, each test program starts one, which ends with the program.
//
// Databases are pooled. A test gets the database of an earlier test, emptied, if that test has not changed the schema; otherwise
// it gets a clone of a migrated template. The database of a failed test is kept while the server runs, and the test's log has its URL.
package dbtest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/peterldowns/pgtestdb"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/devpg"
)

// ServerVariable names the environment variable with the URL of the server to use.
const ServerVariable = "LATCHKEY_TEST_DATABASE_URL"

// Making a cluster takes a second or two; fetching Postgres first takes longer.
const startTimeout = 3 * time.Minute

var server = sync.OnceValues(func() (*url.URL, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
	defer cancel()
	// Not os.Getenv: go test records its calls, and would not use cached results when the server's URL changes.
	given, _ := syscall.Getenv(ServerVariable)
	// A server that was started here is not stopped: it ends with the program, however the program ends.
	started, err := devpg.Start(ctx, devpg.Options{URL: given})
	if err != nil {
		return nil, err
	}
	sql.Register(driverName, &keeper{})
	if err := makeRole(ctx, started.URL()); err != nil {
		return nil, fmt.Errorf("make the role of the tests' databases: %w", err)
	}
	if err := reap(ctx, started.URL()); err != nil {
		return nil, fmt.Errorf("drop the databases of earlier tests: %w", err)
	}
	return url.Parse(started.URL())
})

// New returns a database that is as good as new. It belongs to the test until the test ends. Without a clock, the time is the
// database's.
func New(t testing.TB, clock ...db.Clock) *db.DB {
	t.Helper()
	p := acquire(t)
	if len(clock) > 0 {
		return p.db.WithClock(clock[0])
	}
	return p.db
}

// URL returns the URL of a fresh, migrated database, for tests that connect by themselves.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, migrated{})
}

// EmptyURL returns the URL of a fresh database without a schema.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return create(t, empty{})
}

func create(t testing.TB, migrator pgtestdb.Migrator) string {
	t.Helper()
	base, err := server()
	if err != nil {
		t.Fatalf("start Postgres for the tests: %v", err)
	}
	password, _ := base.User.Password()
	return pgtestdb.Custom(t, pgtestdb.Config{
		DriverName: driverName,
		Host:       base.Hostname(),
		Port:       base.Port(),
		User:       base.User.Username(),
		Password:   url.QueryEscape(password),
		Database:   base.Path[1:],
		Options:    base.RawQuery,
		// A failed test may leave its connections open.
		ForceTerminateConnections: true,
	}, migrator).URL()
}

// migrated fills the template with the schema. pgtestdb makes a new template when a migration changes.
type migrated struct{}

// Hash returns the name of the template.
func (migrated) Hash() (string, error) {
	hash := sha256.New()
	err := fs.WalkDir(db.Migrations(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(db.Migrations(), path)
		hash.Write([]byte(path))
		hash.Write(text)
		return err
	})
	return hex.EncodeToString(hash.Sum(nil)), err
}

// Migrate runs the migrations in the template.
func (migrated) Migrate(ctx context.Context, _ *sql.DB, cfg pgtestdb.Config) error {
	_, err := db.Migrate(ctx, cfg.URL(), slog.New(slog.DiscardHandler))
	return err
}

type empty struct{}

// Hash returns the name of the template.
func (empty) Hash() (string, error) { return "empty", nil }

// Migrate leaves the template empty.
func (empty) Migrate(context.Context, *sql.DB, pgtestdb.Config) error { return nil }
