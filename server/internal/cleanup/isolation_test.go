package cleanup_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

// A statement holds a table: its sweep waits, and no other one does.
func TestLG07_ASweepThatIsHeldUpHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	y := setup(t)
	y.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent) VALUES ($1, $2, 'signed_in', $3, '', '')`,
		uuid.New(), y.user("ada"), y.ago(401*day))
	held, err := y.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer held.Rollback(t.Context()) //nolint:errcheck // after the commit it does nothing
	if _, err := held.Exec(t.Context(), "LOCK TABLE events IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	y.start()
	y.awaitSwept("events")
	if n := y.sweeps("events", "completed"); n != 0 {
		t.Errorf("the sweep of a table that is held is done %d times", n)
	}
	if err := held.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	y.await("the sweep goes on", func() bool {
		// One that has used up its time by now waits for its next try.
		y.exec("UPDATE river_job SET scheduled_at = now() - interval '1 second' WHERE state = 'retryable'")
		return y.sweeps("events", "completed") == 1
	})
	if left := y.count("SELECT count(*) FROM events"); left != 0 {
		t.Errorf("%d entries are left", left)
	}
}

// The queue retries a sweep that fails, and no other one notices.
func TestLG07_ASweepThatFailsIsRetriedAlone(t *testing.T) {
	t.Parallel()
	y := setup(t)
	y.exec("INSERT INTO sends (id, kind, channel, contact, queued_at) VALUES ($1, 'code', 'sms', '', $2)", uuid.New(), y.ago(15*day))
	y.exec(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a damaged table'; END $$`)
	y.exec("CREATE TRIGGER refuse BEFORE DELETE ON sends FOR EACH ROW EXECUTE FUNCTION refuse()")
	y.start()
	y.awaitSwept("sends")
	y.await("the sweep has failed", func() bool { return y.sweeps("sends", "retryable") == 1 })

	// It is due within a minute, and does not wait for the next interval.
	if n := y.count(`SELECT count(*) FROM river_job WHERE args ->> 'name' = 'sends'
		AND scheduled_at BETWEEN attempted_at AND attempted_at + '70 seconds'`); n != 1 {
		t.Error("the next try is not due within about a minute")
	}
	y.exec("DROP TRIGGER refuse ON sends")
	y.exec("UPDATE river_job SET scheduled_at = now() - interval '1 second' WHERE args ->> 'name' = 'sends'")
	y.awaitSwept()
	if left := y.count("SELECT count(*) FROM sends"); left != 0 {
		t.Errorf("%d sends are left", left)
	}
}

// A row that is held is passed over, and one whose time moves while it is found stays.
func TestLG07_ASweepTakesNoRowThatIsInUse(t *testing.T) {
	t.Parallel()
	y := setup(t)
	for _, name := range []string{"renewed", "ended"} {
		y.exec(`INSERT INTO rate_limits (budget, key, count, since, ends_at) VALUES ($1, '\x00', 1, $2, $2)`, name, y.ago(time.Hour))
	}
	tx, err := y.db.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback(t.Context()) //nolint:errcheck // after the commit it does nothing
	if _, err := tx.Exec(t.Context(), "UPDATE rate_limits SET ends_at = $1 WHERE budget = 'renewed'", y.ago(still)); err != nil {
		t.Fatal(err)
	}
	y.start()
	y.awaitSwept()
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := y.names("SELECT budget FROM rate_limits"); len(left) != 1 || left[0] != "renewed" {
		t.Errorf("left are %v", left)
	}
}
