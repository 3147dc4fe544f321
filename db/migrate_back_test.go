package db_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// Each step is undone and done again with rows in its tables, as an operator who goes back a version has them.
func TestA12_TheStepsSinceTheJobQueueGoBackWithRowsInPlace(t *testing.T) {
	t.Parallel()

	url := dbtest.EmptyURL(t)
	if _, err := db.Migrate(t.Context(), url, quiet); err != nil {
		t.Fatal(err)
	}
	pool, err := pgxpool.New(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	if _, err := pool.Exec(t.Context(), `
		WITH ada AS (INSERT INTO users (id, email, name, nickname, nickname_key, role, locale)
				VALUES (gen_random_uuid(), 'ada@example.com', 'Ada', 'ada', 'ada', 'trainee', 'en') RETURNING id),
			session AS (INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, disown_hash)
				SELECT gen_random_uuid(), id, '{pwd}', now(), '', '', now(), now() + '1 day', now() + '1 day', 'hash' FROM ada RETURNING id, user_id),
			device AS (INSERT INTO devices (id, token_hash, token, user_id, session_id, platform, name)
				SELECT gen_random_uuid(), 'hash', 'token', user_id, id, 'web', '' FROM session RETURNING id, user_id)
		INSERT INTO sends (id, kind, channel, contact, queued_at) VALUES ('00000000-0000-0000-0000-000000000001', 'password_changed', 'push', 'ada', now())`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `INSERT INTO farewells (send_id, device_id, user_id, token, token_hash)
		SELECT '00000000-0000-0000-0000-000000000001', id, user_id, token, token_hash FROM devices`); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(t.Context(), `INSERT INTO events (id, user_id, type, at, ip, user_agent, actor_kind, details, erased_at) VALUES
		(gen_random_uuid(), (SELECT id FROM users), 'disabled', now(), '', '', 'administrator', '{"reason": "a reason"}', NULL),
		(gen_random_uuid(), gen_random_uuid(), 'account_deleted', now(), '', '', 'user', NULL, now()),
		(gen_random_uuid(), NULL, 'key_made', now(), '', '', 'system', '{"key": "k"}', NULL)`); err != nil {
		t.Fatal(err)
	}
	migrations, err := db.NewMigrations(pool)
	if err != nil {
		t.Fatal(err)
	}
	const beforeEvents = 23
	if _, err := migrations.DownTo(t.Context(), beforeEvents); err != nil {
		t.Fatal(err)
	}
	if _, err := migrations.Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The versions before know neither events of the server nor those of a deleted account.
	var events, reasons int
	if err := pool.QueryRow(t.Context(), "SELECT count(*), count(*) FILTER (WHERE details ->> 'reason' = 'a reason') FROM events").Scan(&events, &reasons); err != nil || events != 1 || reasons != 1 {
		t.Errorf("%d events are left, %d with the reason, want one: %v", events, reasons, err)
	}
	const jobQueue = 4
	for _, version := range []int64{12, jobQueue} {
		if _, err := migrations.DownTo(t.Context(), version); err != nil {
			t.Fatalf("down to %d: %v", version, err)
		}
		if _, err := migrations.Up(t.Context()); err != nil {
			t.Fatalf("up from %d: %v", version, err)
		}
	}
	var users int
	if err := pool.QueryRow(t.Context(), "SELECT count(*) FROM users JOIN sessions ON sessions.user_id = users.id").Scan(&users); err != nil || users != 1 {
		t.Errorf("%d accounts are left with a session: %v", users, err)
	}
}
