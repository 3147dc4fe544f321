package dbtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// A test program has no moment to drop the databases that its tests have shared: it just ends. The next one drops them. Each is
// commented with the number of its program, which holds a lock by that number for as long as it lives.
var program struct {
	sync.Mutex
	number int64
	conn   *pgx.Conn
}

// left begins the comment on databases that nobody wants to keep.
const left = "dropped by the next tests after program "

// enroll drops what programs before this one have left, and takes the lock.
func enroll(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	rows, err := conn.Query(ctx, `SELECT datname FROM pg_database WHERE CASE
		WHEN starts_with(shobj_description(oid, 'pg_database'), $1)
		THEN pg_try_advisory_lock(substr(shobj_description(oid, 'pg_database'), length($1) + 1)::bigint)
		ELSE false END`, left)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		// Another program may have been quicker.
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()); err != nil {
			return err
		}
	}
	program.number = rand.Int64()
	program.conn = conn
	_, err = conn.Exec(ctx, fmt.Sprintf("SELECT pg_advisory_unlock_all(), pg_advisory_lock(%d)", program.number))
	return err
}

// leave lets the next program drop a database.
func leave(t testing.TB, url string) {
	t.Helper()
	comment(t, url, fmt.Sprint(left, program.number))
}

// keep leaves the database of a failed test to whoever looks for the reason.
func keep(t testing.TB, url string) {
	t.Helper()
	comment(t, url, "")
	t.Logf("the database is kept: %s", url)
}

func comment(t testing.TB, url, text string) {
	t.Helper()
	program.Lock()
	defer program.Unlock()
	database, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	statement := fmt.Sprintf("COMMENT ON DATABASE %s IS '%s'", pgx.Identifier{database.Database}.Sanitize(), text)
	if _, err := program.conn.Exec(context.Background(), statement); err != nil {
		t.Fatalf("comment on the test's database: %v", err)
	}
}
