package dbtest

import (
	"testing"

	"github.com/latchkey-auth/latchkey/db"
)

// A test does not see what an earlier test has left behind. The subtests run one after another, so that each second one gets the
// database of the first from the pool.
//
//nolint:paralleltest // the order matters
func TestADatabaseIsLikeNewForEachTest(t *testing.T) {
	for name, c := range map[string]struct {
		leaves func(t *testing.T, d *db.DB)
		again  bool
	}{
		"Rows": {func(t *testing.T, d *db.DB) {
			exec(t, d, `WITH account AS (
				INSERT INTO users (id, name, nickname, nickname_key, role, locale)
				VALUES (gen_random_uuid(), 'Ada', 'ada', 'ada', 'trainee', 'en') RETURNING id)
				INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, access_expires_at)
				SELECT gen_random_uuid(), id, '{}', now(), '', '', now(), 'infinity', 'infinity', 'infinity' FROM account`)
		}, true},
		"ATable":    {func(t *testing.T, d *db.DB) { exec(t, d, "CREATE TABLE notes (text text)") }, false},
		"NoTable":   {func(t *testing.T, d *db.DB) { exec(t, d, "DROP TABLE rate_limits") }, false},
		"AName":     {func(t *testing.T, d *db.DB) { exec(t, d, "ALTER TABLE users RENAME TO people") }, false},
		"AColumn":   {func(t *testing.T, d *db.DB) { exec(t, d, "ALTER TABLE users ADD COLUMN height int") }, false},
		"NoTrigger": {func(t *testing.T, d *db.DB) { exec(t, d, "ALTER TABLE sessions DISABLE TRIGGER sessions_revoke") }, false},
		"AVersion":  {func(t *testing.T, d *db.DB) { exec(t, d, "DELETE FROM river_migration WHERE version = 1") }, false},
		"ASession": {func(t *testing.T, d *db.DB) {
			if _, err := d.Connect(t.Context()); err != nil { // left open
				t.Fatal(err)
			}
		}, false},
		"ATransaction": {func(t *testing.T, d *db.DB) {
			conn, err := d.Connect(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if _, err := conn.Exec(t.Context(), "BEGIN; LOCK TABLE users"); err != nil {
				t.Fatal(err)
			}
		}, false},
		"Closed": {func(_ *testing.T, d *db.DB) { d.Close() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			var first, second string
			t.Run("Before", func(t *testing.T) {
				d := New(t)
				first = database(t, d)
				c.leaves(t, d)
			})
			t.Run("After", func(t *testing.T) {
				d := New(t)
				second = database(t, d)
				for _, table := range []string{"users", "sessions", "revocations", "rate_limits", "river_job"} {
					var n int
					if err := d.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil || n != 0 {
						t.Errorf("%s has %d rows, %v", table, n, err)
					}
				}
			})
			if again := first == second; again != c.again {
				t.Errorf("the second test got the same database: %t, want %t", again, c.again)
			}
		})
	}
}

// Two databases in use at the same time are distinct.
func TestConcurrentTestsGetDistinctDatabases(t *testing.T) {
	t.Parallel()
	if a, b := database(t, New(t)), database(t, New(t)); a == b {
		t.Errorf("both have %s", a)
	}
}

func database(t *testing.T, d *db.DB) (name string) {
	t.Helper()
	if err := d.QueryRow(t.Context(), "SELECT current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

func exec(t *testing.T, d *db.DB, statement string) {
	t.Helper()
	if _, err := d.Exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}
