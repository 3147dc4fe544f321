package dbtest

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
)

// lent is a database that one test after another is lent. To empty one takes some milliseconds; to make one, to connect to it
// and to drop it again takes a hundred, most of them for the connections.
type lent struct {
	url string
	db  *db.DB
	// owner is the test in the eyes of pgtestdb, which makes the database for one.
	owner *owner
	// emptied are the tables that a migrated database has no rows in; the others are left alone. schema tells what the database
	// looks like, and what is in the others.
	emptied, filled []string
	schema          string
}

// free are the databases of this program that no test has.
var free struct {
	sync.Mutex
	databases []*lent
}

// emptyWithin bounds the work on a database that somebody may hold locks in.
const emptyWithin = 2 * time.Second

// tooLarge is what tables and indexes have together, in bytes, after dozens of usual tests.
const tooLarge = 16 << 20

// borrow gives a database that is as good as new, until the test ends.
func borrow(t testing.TB) *lent {
	t.Helper()
	l := takeFree()
	if l == nil {
		l = newLent(t)
	}
	t.Cleanup(func() {
		switch {
		case t.Failed():
			l.db.Close()
			keep(t, l.url)
		case l.cleanUp():
			free.Lock()
			defer free.Unlock()
			free.databases = append(free.databases, l)
		default:
			l.db.Close()
			l.owner.drop(t)
		}
	})
	return l
}

func takeFree() *lent {
	free.Lock()
	defer free.Unlock()
	if len(free.databases) == 0 {
		return nil
	}
	last := len(free.databases) - 1
	l := free.databases[last]
	free.databases = free.databases[:last]
	return l
}

func newLent(t testing.TB) *lent {
	t.Helper()
	l := &lent{owner: &owner{TB: t}}
	l.url = create(l.owner, migrated{})
	leave(t, l.url)
	ctx := context.Background() // it outlives the test
	opened, err := db.Open(ctx, db.Config{URL: l.url, MaxConns: 10})
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	l.db = opened
	if err := l.look(ctx); err != nil {
		t.Fatalf("look at the test's database: %v", err)
	}
	return l
}

// look notes what the database is like before the first test.
func (l *lent) look(ctx context.Context) error {
	rows, err := l.db.Query(ctx, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, table := range all {
		var filled bool
		if err := l.db.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+table+")").Scan(&filled); err != nil {
			return err
		}
		if filled {
			l.filled = append(l.filled, table)
		} else {
			l.emptied = append(l.emptied, table)
		}
	}
	l.schema, err = l.schemaNow(ctx)
	return err
}

// schemaNow tells databases apart whose relations, triggers, functions, constraints, settings or versions differ. A row that
// was written anew has another xmin, though it may read the same.
func (l *lent) schemaNow(ctx context.Context) (schema string, err error) {
	var versions strings.Builder
	for _, table := range l.filled {
		fmt.Fprintf(&versions, "UNION ALL SELECT concat('%[1]s', ctid, xmin) FROM %[1]s ", table)
	}
	err = l.db.QueryRow(ctx, `SELECT md5(string_agg(entry, ' ' ORDER BY entry)) FROM (
		SELECT concat('relation', oid, '=', xmin) FROM pg_class WHERE relnamespace = 'public'::regnamespace
		UNION ALL SELECT concat('trigger', oid, '=', xmin) FROM pg_trigger
		UNION ALL SELECT concat('function', oid, '=', xmin) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
		UNION ALL SELECT concat('constraint', oid, '=', xmin) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT concat('namespace', oid, '=', xmin) FROM pg_namespace WHERE nspname NOT LIKE 'pg\_%'
		UNION ALL SELECT concat('setting', setrole, '=', xmin) FROM pg_db_role_setting
			WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
		`+versions.String()+`) AS entries (entry)`).Scan(&schema)
	return schema, err
}

// cleanUp empties the database, and tells whether it is like new: the schema is what it was, nobody else is connected, no
// connection is in use, and few rows were ever written.
func (l *lent) cleanUp() bool {
	ctx, cancel := context.WithTimeout(context.Background(), emptyWithin)
	defer cancel()
	schema, err := l.schemaNow(ctx)
	if err != nil || schema != l.schema || !l.awaitAlone(ctx) || l.db.Stat().AcquiredConns() > 0 {
		return false
	}
	// Twice: to delete a session writes into the log of revocations.
	statement := "DELETE FROM " + strings.Join(l.emptied, "; DELETE FROM ")
	_, err = l.db.Exec(ctx, statement+"; "+statement, pgx.QueryExecModeSimpleProtocol)
	return err == nil
}

// awaitAlone waits for the sessions to end that are not of the database's own pool. Their programs have closed them; one that
// stays was left open. It gives up too when the tables have grown, as what is deleted stays in their files.
func (l *lent) awaitAlone(ctx context.Context) bool {
	for range 20 {
		var (
			sessions int32
			size     int
		)
		if err := l.db.QueryRow(ctx, `SELECT
			(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'),
			(SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace)`,
		).Scan(&sessions, &size); err != nil || size > tooLarge {
			return false
		}
		if sessions <= l.db.Stat().TotalConns() {
			return true
		}
		time.Sleep(2 * time.Millisecond)
	}
	return false
}

// owner is the test that pgtestdb makes a database for. It ends when the last test has had the database.
type owner struct {
	testing.TB
	cleanups []func()
}

// Cleanup notes what is to be done when the database is needed no more.
func (o *owner) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

// Failed is asked when the database goes; those of failed tests stay.
func (o *owner) Failed() bool { return false }

func (o *owner) drop(t testing.TB) {
	o.TB = t
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
}
