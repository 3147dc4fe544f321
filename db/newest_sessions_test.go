package db_test

import (
	"context"
	"testing"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// A plan that was made for a table of three rows is kept when it has three million.
func TestNewestSessionsGoByTheirIndexHoweverSmallTheTableIs(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	if _, err := d.Exec(t.Context(), `
		WITH ada AS (INSERT INTO users (id, name, nickname, nickname_key, role, locale)
			VALUES ('00000000-0000-0000-0000-000000000001', 'Ada', 'ada', 'ada', 'trainee', 'en') RETURNING id)
		INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
		SELECT gen_random_uuid(), ada.id, '{pwd}', now(), '', '', now(), now() + '1 day', now() + '1 day'
		FROM ada, generate_series(1, 3)`); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Exec(t.Context(), "ANALYZE sessions"); err != nil {
		t.Fatal(err)
	}
	if err := d.InTx(t.Context(), func(tx db.Tx) error {
		before, err := wholeReads(t.Context(), tx)
		if err != nil {
			return err
		}
		// Postgres keeps a plan after five calls.
		for range 10 {
			var found int
			if err := tx.QueryRow(t.Context(),
				"SELECT count(*) FROM newest_sessions('00000000-0000-0000-0000-000000000001', 100, now())").Scan(&found); err != nil {
				return err
			}
			if found != 3 {
				t.Errorf("%d sessions are found, want 3", found)
			}
		}
		after, err := wholeReads(t.Context(), tx)
		if err != nil {
			return err
		}
		if n := after - before; n > 0 {
			t.Errorf("the table was read %d times from its beginning to its end", n)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// wholeReads counts how often this connection has read the table of sessions from its beginning to its end.
func wholeReads(ctx context.Context, tx db.Tx) (n int, err error) {
	err = tx.QueryRow(ctx, "SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'sessions'").Scan(&n)
	return n, err
}
