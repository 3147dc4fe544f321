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

// pooled is a database that one test after another uses. To empty a database takes some milliseconds. To create one, connect to it
// and drop it takes a hundred, most of them for the connections.
type pooled struct {
	url string
	db  *db.DB
	// owner is the testing.TB for which pgtestdb created the database.
	owner *owner
	// reset deletes the rows of the emptied tables. The filled tables have rows in a newly migrated database and keep them.
	emptied, filled []string
	// schema is the fingerprint of the schema, and of the rows in the filled tables, before the first test.
	schema string
}

// idle holds the databases of this program that no test uses.
var idle struct {
	sync.Mutex
	databases []*pooled
}

// resetTimeout bounds the reset of a database: a connection that a test left open may hold locks in it.
const resetTimeout = 2 * time.Second

// maxSize is the size of all tables and indexes, in bytes, above which a database is dropped. Dozens of usual tests reach it.
const maxSize = 16 << 20

// acquire returns a database that is as good as new. It belongs to the test until the test ends.
func acquire(t testing.TB) *pooled {
	t.Helper()
	p := takeIdle()
	if p == nil {
		p = newPooled(t)
	}
	t.Cleanup(func() {
		switch {
		case t.Failed():
			p.db.Close()
			keep(t, p.url)
		case p.reset():
			idle.Lock()
			defer idle.Unlock()
			idle.databases = append(idle.databases, p)
		default:
			p.db.Close()
			p.owner.drop(t)
		}
	})
	return p
}

func takeIdle() *pooled {
	idle.Lock()
	defer idle.Unlock()
	if len(idle.databases) == 0 {
		return nil
	}
	last := len(idle.databases) - 1
	p := idle.databases[last]
	idle.databases = idle.databases[:last]
	return p
}

func newPooled(t testing.TB) *pooled {
	t.Helper()
	p := &pooled{owner: &owner{TB: t}}
	p.url = create(p.owner, migrated{})
	markReapable(t, p.url)
	ctx := context.Background() // it outlives the test
	opened, err := db.Open(ctx, db.Config{URL: db.URL(p.url), MaxConns: 10})
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	p.db = opened
	if err := p.inspect(ctx); err != nil {
		t.Fatalf("inspect the test's database: %v", err)
	}
	return p
}

// inspect records the state of the database before the first test.
func (p *pooled) inspect(ctx context.Context) error {
	rows, err := p.db.Query(ctx, "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'")
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, table := range all {
		var filled bool
		if err := p.db.QueryRow(ctx, "SELECT EXISTS (SELECT FROM "+table+")").Scan(&filled); err != nil {
			return err
		}
		if filled {
			p.filled = append(p.filled, table)
		} else {
			p.emptied = append(p.emptied, table)
		}
	}
	p.schema, err = p.fingerprint(ctx)
	return err
}

// fingerprint returns a hash of the relations, triggers, functions, constraints, namespaces and settings of the database, and of
// the row versions in the filled tables. A rewritten row has another xmin, even if its values are the same.
func (p *pooled) fingerprint(ctx context.Context) (schema string, err error) {
	var versions strings.Builder
	for _, table := range p.filled {
		fmt.Fprintf(&versions, "UNION ALL SELECT concat('%[1]s', ctid, xmin) FROM %[1]s ", table)
	}
	err = p.db.QueryRow(ctx, `SELECT md5(string_agg(entry, ' ' ORDER BY entry)) FROM (
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

// reset empties the database and reports whether it is as good as new. It is not if a test has changed the schema, left a
// connection open, or written so much that the files have grown.
func (p *pooled) reset() bool {
	ctx, cancel := context.WithTimeout(context.Background(), resetTimeout)
	defer cancel()
	schema, err := p.fingerprint(ctx)
	if err != nil || schema != p.schema || !p.awaitUnused(ctx) || p.db.Stat().AcquiredConns() > 0 {
		return false
	}
	// Twice, because deleting a session writes into the log of revocations.
	statement := "DELETE FROM " + strings.Join(p.emptied, "; DELETE FROM ")
	_, err = p.db.Exec(ctx, statement+"; "+statement, pgx.QueryExecModeSimpleProtocol)
	return err == nil
}

// awaitUnused waits until only the pool of the database is connected to it. The tests have closed their other connections, but
// Postgres needs some time to end them; a connection that stays was left open. awaitUnused also returns false if the files
// have grown: deleted rows stay in them.
func (p *pooled) awaitUnused(ctx context.Context) bool {
	for range 20 {
		var (
			sessions int32
			size     int
		)
		if err := p.db.QueryRow(ctx, `SELECT
			(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'),
			(SELECT sum(pg_relation_size(oid)) FROM pg_class WHERE relnamespace = 'public'::regnamespace)`,
		).Scan(&sessions, &size); err != nil || size > maxSize {
			return false
		}
		if sessions <= p.db.Stat().TotalConns() {
			return true
		}
		time.Sleep(2 * time.Millisecond)
	}
	return false
}

// owner stands for a test towards pgtestdb. It outlives the test for which the database was created, and runs the cleanup when
// the database is dropped.
type owner struct {
	testing.TB
	cleanups []func()
}

// Cleanup registers a function that drop calls.
func (o *owner) Cleanup(f func()) { o.cleanups = append(o.cleanups, f) }

// Failed returns false, so that pgtestdb drops the database. The databases of failed tests do not get here.
func (o *owner) Failed() bool { return false }

func (o *owner) drop(t testing.TB) {
	o.TB = t
	for i := len(o.cleanups) - 1; i >= 0; i-- {
		o.cleanups[i]()
	}
}
