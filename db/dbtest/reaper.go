package dbtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// program identifies this test program. A test program cannot drop its pooled databases, because nothing runs when it ends. The next
// program drops them: each has a comment with the number of its program, which holds an advisory lock on that number while it runs.
var program struct {
	sync.Mutex
	number int64
	conn   *pgx.Conn
}

// reapable begins the comment on databases that a later program may drop.
const reapable = "dropped by the next tests after program "

// reap drops the databases of programs that have ended, and takes the lock of this program.
func reap(ctx context.Context, url string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	rows, err := conn.Query(ctx, `SELECT datname FROM pg_database WHERE CASE
		WHEN starts_with(shobj_description(oid, 'pg_database'), $1)
		THEN pg_try_advisory_lock(substr(shobj_description(oid, 'pg_database'), length($1) + 1)::bigint)
		ELSE false END`, reapable)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		// Another program may drop it at the same time.
		if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()); err != nil {
			return err
		}
	}
	program.number = rand.Int64()
	program.conn = conn
	_, err = conn.Exec(ctx, fmt.Sprintf("SELECT pg_advisory_unlock_all(), pg_advisory_lock(%d)", program.number))
	return err
}

// markReapable allows a later program to drop a database.
func markReapable(t testing.TB, url string) {
	t.Helper()
	comment(t, url, fmt.Sprint(reapable, program.number))
}

// keep keeps the database of a failed test, and logs its URL, so that a developer can look for the cause.
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
