// Package dbtest gives each test a fresh, migrated Postgres database of its own.
//
// The server is the one that LATCHKEY_TEST_DATABASE_URL names, whose user may create databases: `make test` starts one for
// all packages, by package withpostgres. Without it, each test program starts one and it ends with the program. A database is
// a clone of a migrated template, or one that a test before has left as it found it, and that was emptied since. The database
// of a failed test is kept while the server lives, and the test's log says where.
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
	// Not os.Getenv: go test would take another server for a reason to run tests again whose results it knows.
	given, _ := syscall.Getenv(ServerVariable)
	// Nobody stops one that is started: it goes with the program, however the program ends.
	started, err := devpg.Start(ctx, devpg.Options{URL: given})
	if err != nil {
		return nil, err
	}
	sql.Register(driverName, &keeper{})
	if err := makeRole(ctx, started.URL()); err != nil {
		return nil, fmt.Errorf("make the role of the tests' databases: %w", err)
	}
	if err := enroll(ctx, started.URL()); err != nil {
		return nil, fmt.Errorf("drop what earlier tests have left: %w", err)
	}
	return url.Parse(started.URL())
})

// New gives a connection to a database that is like new, until the test's end. The time is the machine's unless a clock is given.
func New(t testing.TB, clock ...db.Clock) *db.DB {
	t.Helper()
	l := borrow(t)
	if len(clock) > 0 {
		return l.db.By(clock[0])
	}
	return l.db
}

// URL gives the URL of a fresh, migrated database, for tests that connect by themselves.
func URL(t testing.TB) string {
	t.Helper()
	return create(t, migrated{})
}

// EmptyURL gives the URL of a fresh database without a schema.
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
		// A test that was told to fail leaves its connections open.
		ForceTerminateConnections: true,
	}, migrator).URL()
}

// migrated makes the template. It is made anew when a migration changes.
type migrated struct{}

// Hash names the template.
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

// Migrate fills the template.
func (migrated) Migrate(ctx context.Context, _ *sql.DB, cfg pgtestdb.Config) error {
	_, err := db.Migrate(ctx, cfg.URL(), slog.New(slog.DiscardHandler))
	return err
}

type empty struct{}

// Hash names the template.
func (empty) Hash() (string, error) { return "empty", nil }

// Migrate leaves the template empty.
func (empty) Migrate(context.Context, *sql.DB, pgtestdb.Config) error { return nil }
