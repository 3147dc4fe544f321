package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// notes is a database with a table, and the connections of the one under test kept apart from those of the test.
type notes struct {
	*db.DB
	t     *testing.T
	proxy *dbtest.Proxy
	// aside does not lead through the proxy.
	aside *pgx.Conn
}

func openNotes(t *testing.T) *notes {
	t.Helper()
	url := dbtest.URL(t)
	aside, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = aside.Close(context.Background()) })
	proxy, through := dbtest.Before(t, url)
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(through), MaxConns: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	n := &notes{DB: d, t: t, proxy: proxy, aside: aside}
	n.do("CREATE TABLE notes (text text)")
	return n
}

func (n *notes) do(statement string) {
	n.t.Helper()
	if _, err := n.aside.Exec(n.t.Context(), statement); err != nil {
		n.t.Fatalf("%s: %v", statement, err)
	}
}

// terminate ends the connections of the database under test.
func (n *notes) terminate() {
	n.t.Helper()
	n.do(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`)
}

func (n *notes) count() (rows int) {
	n.t.Helper()
	if err := n.aside.QueryRow(n.t.Context(), "SELECT count(*) FROM notes").Scan(&rows); err != nil {
		n.t.Fatal(err)
	}
	return rows
}

func (n *notes) has(rows int) {
	n.t.Helper()
	if got := n.count(); got != rows {
		n.t.Errorf("there are %d rows, want %d", got, rows)
	}
}

const insert = "INSERT INTO notes VALUES ($1)"

// Each way to run a statement meets a connection that Postgres has ended.
func TestATerminatedConnectionFailsNoStatement(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(ctx context.Context, d *db.DB) error{
		"Exec": func(ctx context.Context, d *db.DB) error {
			_, err := d.Exec(ctx, insert, "one")
			return err
		},
		"QueryRow": func(ctx context.Context, d *db.DB) error {
			var text string
			return d.QueryRow(ctx, insert+" RETURNING text", "one").Scan(&text)
		},
		"Query": func(ctx context.Context, d *db.DB) error {
			rows, err := d.Query(ctx, insert+" RETURNING text", "one")
			if err != nil {
				return err
			}
			_, err = pgx.CollectExactlyOneRow(rows, pgx.RowTo[string])
			return err
		},
		"InTx": func(ctx context.Context, d *db.DB) error {
			return d.InTx(ctx, func(tx db.Tx) error {
				_, err := tx.Exec(ctx, insert, "one")
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := openNotes(t)
			for rows := range 20 {
				n.terminate()
				if err := run(t.Context(), n.DB); err != nil {
					t.Fatalf("the statement fails: %v", err)
				}
				n.has(rows + 1)
			}
		})
	}
}

func TestInTx_RunsAgainWhenItsConnectionIsLostBeforeTheCommit(t *testing.T) {
	t.Parallel()
	for name, loses := range map[string]func(n *notes){
		"Terminated": (*notes).terminate,
		"Cut":        func(n *notes) { n.proxy.Cut(dbtest.All) },
	} {
		for _, when := range []string{"BeforeAStatement", "BeforeTheCommit"} {
			t.Run(name+when, func(t *testing.T) {
				t.Parallel()
				n := openNotes(t)
				runs := 0
				err := n.InTx(t.Context(), func(tx db.Tx) error {
					runs++
					if _, err := tx.Exec(t.Context(), insert, "one"); err != nil {
						return err
					}
					if runs == 1 {
						loses(n)
						n.awaitTheEndOf(tx)
					}
					if when == "BeforeTheCommit" {
						return nil
					}
					_, err := tx.Exec(t.Context(), insert, "two")
					return err
				})
				if name == "Cut" && when == "BeforeTheCommit" {
					// This side of the connection cannot know that the commit was not received.
					if !db.Unavailable(err) || runs != 1 {
						t.Errorf("InTx = %v after %d runs, want an outage after 1", err, runs)
					}
					n.has(0)
					return
				}
				if err != nil || runs != 2 {
					t.Errorf("InTx = %v after %d runs, want success after 2", err, runs)
				}
			})
		}
	}
}

// awaitTheEndOf waits until Postgres has no other sessions on this database, so that the transaction is rolled back.
func (n *notes) awaitTheEndOf(db.Tx) {
	n.t.Helper()
	for range 10_000 {
		var others int
		if err := n.aside.QueryRow(n.t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`).Scan(&others); err != nil {
			n.t.Fatal(err)
		}
		if others == 0 {
			return
		}
		<-time.After(5 * time.Millisecond)
	}
	n.t.Fatal("the connections live on")
}

// A write whose answer got lost may have taken effect, so it is not done again.
func TestAWriteOfUnknownOutcomeIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(ctx context.Context, d *db.DB) error{
		"Exec": func(ctx context.Context, d *db.DB) error {
			_, err := d.Exec(ctx, insert, "one")
			return err
		},
		"QueryRow": func(ctx context.Context, d *db.DB) error {
			var text string
			return d.QueryRow(ctx, insert+" RETURNING text", "one").Scan(&text)
		},
		"Query": func(ctx context.Context, d *db.DB) error {
			rows, err := d.Query(ctx, insert+" RETURNING text", "one")
			if err == nil {
				_, err = pgx.CollectRows(rows, pgx.RowTo[string])
			}
			return err
		},
		"InTx": func(ctx context.Context, d *db.DB) error {
			return d.InTx(ctx, func(tx db.Tx) error {
				_, err := tx.Exec(ctx, insert, "one")
				return err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := openNotes(t)
			// The answers to everything are on their way for so long that the row is seen, and the line cut, before the last one
			// arrives, also on a busy machine.
			n.proxy.Delay(2 * time.Second)
			failed := make(chan error, 1)
			go func() { failed <- run(t.Context(), n.DB) }()
			for range 10_000 {
				if n.count() > 0 {
					break
				}
				<-time.After(5 * time.Millisecond)
			}
			n.proxy.Cut(dbtest.All)

			if err := <-failed; !db.Unavailable(err) {
				t.Errorf("the statement ends with %v", err)
			}
			n.proxy.Delay(0)
			n.has(1)
		})
	}
}

// What only reads is asked again, whatever became of the connection.
func TestAReadIsRepeatedWhenItsAnswerIsLost(t *testing.T) {
	t.Parallel()
	n := openNotes(t)
	n.do("INSERT INTO notes VALUES ('one')")
	n.proxy.Delay(300 * time.Millisecond)
	read := make(chan error, 1)
	var text string
	go func() {
		read <- n.QueryRow(t.Context(), "-- name: GetNote :one\n-- GetNote has a comment.\nSELECT text FROM notes").Scan(&text)
	}()
	for range 10_000 {
		var asked bool
		if err := n.aside.QueryRow(t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE query LIKE '%FROM notes' AND pid <> pg_backend_pid())`).Scan(&asked); err != nil {
			t.Fatal(err)
		}
		if asked {
			break
		}
		<-time.After(5 * time.Millisecond)
	}
	n.proxy.Cut(dbtest.All)
	n.proxy.Delay(0)

	if err := <-read; err != nil || text != "one" {
		t.Errorf("the row reads %q, %v", text, err)
	}
}

// The server behind an idle connection has vanished without a word, as a machine does that loses power. Its successor answers.
func TestAVanishedServerFailsNoStatement(t *testing.T) {
	t.Parallel()
	n := openNotes(t)
	if _, err := n.Exec(t.Context(), insert, "one"); err != nil {
		t.Fatal(err)
	}
	n.proxy.Swallow(dbtest.All)
	n.proxy.Pass()
	<-time.After(1100 * time.Millisecond) // idle for so long, a connection is pinged first

	ctx, cancel := context.WithTimeout(t.Context(), 15*time.Second)
	defer cancel()
	if _, err := n.Exec(ctx, insert, "two"); err != nil {
		t.Errorf("the statement fails: %v", err)
	}
	n.has(2)
}

// A deadlock ends one of two transactions. A statement that is one of its own runs again, and its caller does not notice.
func TestADeadlockFailsNoStatement(t *testing.T) {
	t.Parallel()
	n := openNotes(t)
	n.do("CREATE TABLE locks (id int PRIMARY KEY, n int)")
	n.do("INSERT INTO locks VALUES (1, 0), (2, 0)")
	for range 5 {
		if n.deadlock() {
			return
		}
	}
	t.Error("Postgres has always ended the other transaction")
}

// deadlock has a statement and a transaction wait for each other, and reports whether Postgres has ended the statement. It ends
// the one that notices first, which is the one that waits longer unless the machine is very busy.
func (n *notes) deadlock() bool {
	n.t.Helper()
	ctx := n.t.Context()
	n.do("UPDATE locks SET n = 0")
	other, err := n.aside.Begin(ctx)
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = other.Rollback(context.Background()) }()
	lock := func(id int) error {
		_, err := other.Exec(ctx, "UPDATE locks SET n = n + 1 WHERE id = $1", id)
		return err
	}
	if err := lock(2); err != nil {
		n.t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		// It locks the rows one after the other.
		_, err := n.Exec(ctx, `WITH one AS (UPDATE locks SET n = n + 10 WHERE id = 1 RETURNING n)
			UPDATE locks SET n = locks.n + 10 FROM one WHERE id = 2`)
		done <- err
	}()
	n.awaitWaiter()
	endedOther := lock(1) != nil
	if endedOther {
		_ = other.Rollback(ctx)
	} else if err := other.Commit(ctx); err != nil {
		n.t.Fatal(err)
	}
	if err := <-done; err != nil {
		n.t.Errorf("the statement fails: %v", err)
	}
	want := [2]int{11, 11}
	if endedOther {
		want = [2]int{10, 10}
	}
	var sums [2]int
	if err := n.aside.QueryRow(ctx, "SELECT min(n), max(n) FROM locks").Scan(&sums[0], &sums[1]); err != nil || sums != want {
		n.t.Errorf("the rows have %v, want %v: %v", sums, want, err)
	}
	return !endedOther
}

func (n *notes) awaitWaiter() {
	n.t.Helper()
	aside, err := pgx.ConnectConfig(n.t.Context(), n.aside.Config())
	if err != nil {
		n.t.Fatal(err)
	}
	defer func() { _ = aside.Close(context.Background()) }()
	for range 10_000 {
		var waits bool
		if err := aside.QueryRow(n.t.Context(), `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`).Scan(&waits); err != nil {
			n.t.Fatal(err)
		}
		if waits {
			return
		}
		<-time.After(5 * time.Millisecond)
	}
	n.t.Fatal("nothing waits for a lock")
}

// A caller's deadline counts, whatever is tried meanwhile.
func TestARetryEndsWithItsCaller(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	runs := 0
	err := d.InTx(ctx, func(tx db.Tx) error {
		runs++
		cancel()
		_, err := tx.Exec(ctx, "SELECT 1")
		return err
	})
	if !errors.Is(err, context.Canceled) || runs != 1 {
		t.Errorf("InTx = %v after %d runs", err, runs)
	}
}
