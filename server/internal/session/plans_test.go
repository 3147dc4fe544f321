package session_test

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// rowsTouched returns how many rows of sessions a statement reads, including those in functions, and rolls it back. The statement
// is planned for any arguments or for these.
func (b *bundle) rowsTouched(t *testing.T, s dbtest.Statement, mode string) (n int) {
	t.Helper()
	tx, err := b.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(t.Context()) }()
	const touched = `SELECT (pg_stat_get_xact_tuples_returned('sessions'::regclass) + pg_stat_get_xact_tuples_fetched('sessions'::regclass))::integer`
	if _, err := tx.Exec(t.Context(), "SET LOCAL plan_cache_mode = "+mode); err != nil {
		t.Fatal(err)
	}
	// The connection has counted before.
	var before int
	if err := tx.QueryRow(t.Context(), touched).Scan(&before); err != nil {
		t.Fatal(err)
	}
	args := append([]any{pgx.QueryExecModeDescribeExec}, s.Args...)
	if _, err := tx.Exec(t.Context(), s.SQL, args...); err != nil {
		t.Fatalf("%s: %v", s.Name, err)
	}
	if err := tx.QueryRow(t.Context(), touched).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n - before
}

// A user with very many sessions is held up by none of them, before the next ANALYZE as after it, and whether they are alive or
// wait for their deletion.
func TestNoStatementReadsAllSessionsOfAUser(t *testing.T) {
	t.Parallel()
	const many, most = 30_000, 2000
	b := setup(t)
	statements := &dbtest.Statements{}
	r := b.replicaAt(t, db.Config{URL: db.URL(b.url()), MaxConns: 4, Clock: b.clock.Now, Tracer: statements}, usual).awaitFresh(t)
	kept := b.readAccess(t, b.signIn(t, r.Service, b.user, session.Client{}))
	act := func() {
		b.crowd(t, many, 0)
		if err := r.db.InTx(t.Context(), func(tx db.Tx) error {
			if _, err := r.Start(t.Context(), tx, session.StartInput{User: b.user, Role: "trainee", AMR: []string{session.Password}}); err != nil {
				return err
			}
			if _, err := r.HasOthers(t.Context(), tx, b.user, kept.Session); err != nil {
				return err
			}
			_, err := r.End(t.Context(), tx, b.user, id.NewSession())
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := r.List(t.Context(), b.user); err != nil {
			t.Fatal(err)
		}
		if _, _, err := r.EndOf(t.Context(), b.user, kept.Session); err != nil {
			t.Fatal(err)
		}
		r.endOthers(t, b.user, kept.Session)
	}
	// The second time, most of those of the first are still there, and dead.
	act()
	act()
	b.crowd(t, many, 0)
	for _, state := range []string{"grown", "analyzed"} {
		if state == "analyzed" {
			b.exec(t, "ANALYZE")
		}
		for _, name := range []string{"CreateSession", "ListSessions", "GetSessionEnd", "HasOtherSessions", "EndSession", "DeleteSessions", "StartGeneration"} {
			statement, ok := statements.Last(name)
			if !ok {
				t.Errorf("%s was not executed", name)
				continue
			}
			if name == "CreateSession" {
				// Once more, under another name.
				statement.Args[0] = id.NewSession()
			}
			for _, mode := range []string{dbtest.GenericPlan, dbtest.CustomPlan} {
				if n := b.rowsTouched(t, statement, mode); n > most {
					t.Errorf("%s, %s, %s: reads %d rows of sessions", name, state, mode, n)
				}
			}
		}
	}
}

// The log is read every 0.4 seconds, however long it is.
func TestReadingTheLogReadsWhatIsNewAlone(t *testing.T) {
	t.Parallel()
	const many = 30_000
	b := setup(t)
	statements := &dbtest.Statements{}
	r := b.replicaAt(t, db.Config{URL: db.URL(b.url()), MaxConns: 4, Clock: b.clock.Now, Tracer: statements}, usual).awaitFresh(t)
	grow := func() {
		b.exec(t, `INSERT INTO revocations (user_id, session_id, expires_at)
			SELECT gen_random_uuid(), gen_random_uuid(), $2 FROM generate_series(1, $1)`, many, b.clock.Now().Add(accessTTL))
	}
	grow()
	access := b.guests(t, 1, []*replica{r})[0]
	r.end(t, access)
	r.dies(t, access)
	// When the replica reads for the second time, it has read all that was written until now.
	readings := func() (n int) {
		for _, statement := range statements.Kept() {
			if statement.Name == "ReadNewRevocations" {
				n++
			}
		}
		return n
	}
	until := readings() + 2
	await(t, "the log is read on", func() bool { return readings() > until })
	statement, _ := statements.Last("ReadNewRevocations")
	for _, state := range []string{"grown", "analyzed"} {
		if state == "analyzed" {
			b.exec(t, "ANALYZE")
		}
		for _, mode := range []string{dbtest.GenericPlan, dbtest.CustomPlan} {
			plan := dbtest.Explain(t, b.db, statement, mode)
			if tables := plan.ScannedWhole(); len(tables) > 0 || plan.RowsRead() > 100 {
				t.Errorf("%s, %s: %d rows are read, and all of %v\n%s", state, mode, plan.RowsRead(), tables, plan)
			}
		}
	}
	first, ok := statements.Last("ReadRevocations")
	if !ok {
		t.Fatal("the log was not read from its beginning")
	}
	for _, mode := range []string{dbtest.GenericPlan, dbtest.CustomPlan} {
		if plan := dbtest.Explain(t, b.db, first, mode); len(plan.ScannedWhole()) > 0 {
			t.Errorf("%s: the log is read whole for a page\n%s", mode, plan)
		}
	}
}
