package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// An index is built while servers write. When that is interrupted, it is left behind, invalid; the next start builds it anew.
func TestA12_AnIndexWhoseBuildingWasInterruptedIsBuiltAgain(t *testing.T) {
	t.Parallel()

	url := dbtest.EmptyURL(t)
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	migrations, err := db.NewMigrations(pool)
	if err != nil {
		t.Fatal(err)
	}
	const before = 14
	if _, err := migrations.UpTo(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	count := func(query string) (n int) {
		t.Helper()
		if err := pool.QueryRow(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	await := func(what, query string) {
		t.Helper()
		timeout := time.NewTimer(time.Minute)
		defer timeout.Stop()
		again := time.NewTicker(10 * time.Millisecond)
		defer again.Stop()
		for count(query) == 0 {
			select {
			case <-again.C:
			case <-timeout.C:
				t.Fatalf("after a minute, it is not so: %s", what)
			}
		}
	}

	// A server is in the middle of a transaction when the next version starts.
	server, err := pool.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Rollback(t.Context()) //nolint:errcheck // after the commit it does nothing
	const ada = `INSERT INTO users (id, email, name, nickname, nickname_key, role, locale)
		VALUES (gen_random_uuid(), 'ada@example.com', 'Ada', 'ada', 'ada', 'trainee', 'en')`
	const entry = `INSERT INTO activity (id, user_id, event, at, ip, user_agent) SELECT gen_random_uuid(), id, 'signed_in', now(), '', '' FROM users`
	for _, statement := range []string{ada, entry} {
		if _, err := server.Exec(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	interrupted, interrupt := context.WithCancel(t.Context())
	migrated := make(chan error, 1)
	go func() {
		_, err := db.Migrate(interrupted, url, quiet)
		migrated <- err
	}()
	const building = "SELECT count(*) FROM pg_stat_progress_create_index WHERE datname = current_database()"
	await("an index waits for the transaction", building+" AND phase LIKE 'waiting for%'")

	// Servers that write do not wait for the index.
	writing, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if _, err := pool.Exec(writing, entry); err != nil {
		t.Errorf("while the index is built: %v", err)
	}

	interrupt()
	if err := <-migrated; err == nil {
		t.Fatal("the migration was not interrupted")
	}
	await("its session has ended", "SELECT 1 - least(1, ("+building+"))")
	const invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
	if count(invalid) != 1 {
		t.Error("the interruption has left nothing behind: this test tests nothing")
	}
	if err := server.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Migrate(t.Context(), url, quiet); err != nil {
		t.Fatal(err)
	}
	if n := count(invalid); n != 0 {
		t.Errorf("%d indexes are invalid", n)
	}
	if n := count("SELECT count(*) FROM pg_indexes WHERE indexname = 'events_user'"); n != 1 {
		t.Error("there is no index for lists of events")
	}
}
