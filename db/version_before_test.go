package db_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// While replicas are replaced one by one, those of the version before read and write events under the name activity, with the
// statements below.
func TestA12_TheVersionBeforeReadsAndWritesActivity(t *testing.T) {
	t.Parallel()
	d := dbtest.New(t)
	exec := func(statement string, args ...any) (rows int64) {
		t.Helper()
		done, err := d.Exec(t.Context(), statement, args...)
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		return done.RowsAffected()
	}
	count := func(query string, args ...any) (n int) {
		t.Helper()
		if err := d.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return n
	}
	ada, gone := uuid.New(), uuid.New()
	for _, user := range []uuid.UUID{ada, gone} {
		exec(`INSERT INTO users (id, email, name, nickname, nickname_key, role, locale) VALUES ($1, $2, 'A', $2, $2, 'trainee', 'en')`, user, user.String())
		exec(`INSERT INTO activity (id, user_id, event, at, ip, user_agent, session_id, note)
			VALUES (gen_random_uuid(), $1, 'disabled', now(), '192.0.2.1', 'Firefox', NULL, 'a reason')`, user)
		exec(`INSERT INTO activity (id, user_id, event, at, ip, user_agent) VALUES (gen_random_uuid(), $1, 'signed_in', now() - interval '401 days', '', '')`, user)
		exec(`SELECT record_failure(gen_random_uuid(), $1, 'sign_in_failed', now(), '192.0.2.1', 'Firefox', NULL,
			ARRAY['recorded_failures'], ARRAY[sha256($2)], ARRAY[50], ARRAY[now() + interval '1 hour'])`, user, []byte(user.String()))
	}
	const list = `SELECT count(*) FROM (SELECT id, user_id, event, at, ip, user_agent, session_id, created_at, updated_at, note
		FROM activity WHERE user_id = $1 AND (at, id) < ('infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff') ORDER BY at DESC, id DESC LIMIT 21) AS page`
	if n := count(list, ada); n != 3 {
		t.Errorf("the version before lists %d entries, want 3", n)
	}
	if n := count("SELECT count(*) FROM events WHERE user_id = $1 AND actor_kind = 'unknown' AND xid = pg_current_xact_id()", ada); n != 0 {
		t.Errorf("%d entries are of a transaction that did not write them", n)
	}
	if n := count("SELECT count(*) FROM events WHERE user_id = $1 AND actor_kind = 'unknown' AND xid > '0'", ada); n != 3 {
		t.Errorf("%d entries have an unknown actor and a transaction, want 3", n)
	}

	// It deletes what is past the retention, of living accounts.
	if n := exec(`DELETE FROM activity
		WHERE ctid = ANY (ARRAY(SELECT a.ctid FROM activity a WHERE timezone('UTC', a.at) < timezone('UTC', $1::timestamptz)
		                        ORDER BY timezone('UTC', a.at) LIMIT 1000 FOR UPDATE SKIP LOCKED))
		  AND at < (SELECT $1::timestamptz) AND user_id = $2`, d.Clock().AddDate(0, 0, -400), ada); n != 1 {
		t.Errorf("it sweeps %d entries, want 1", n)
	}
	if n := count("SELECT count(*) FROM events WHERE user_id = $1", ada); n != 2 {
		t.Errorf("%d entries are left, want 2", n)
	}

	// What it would delete with an account stays, without personal data.
	exec("DELETE FROM users WHERE id = $1", gone)
	exec(`DELETE FROM activity WHERE id = ANY (ARRAY(SELECT a.id FROM activity a
		WHERE a.user_id = $1 AND NOT EXISTS (SELECT FROM users u WHERE u.id = a.user_id) LIMIT 1000))`, gone)
	if n := count(list, gone); n != 0 {
		t.Errorf("it still lists %d entries", n)
	}
	if n := count("SELECT count(*) FROM events WHERE user_id = $1 AND ip = '' AND user_agent = '' AND note IS NULL AND erased_at IS NOT NULL", gone); n != 3 {
		t.Errorf("%d entries are left without personal data, want 3", n)
	}
}
