package cleanup_test

import (
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

// arrival bounds how long a job may take until it has run.
const arrival = time.Minute

// keepEvents is the retention that the default setting has.
const keepEvents = 400 * day

// yard is a database with the jobs of this package, which run once start is called.
type yard struct {
	t     *testing.T
	clock *dbtest.Clock
	db    *db.DB
	jobs  *jobs.Client
}

func setup(t *testing.T) *yard {
	t.Helper()
	clock := dbtest.NewClock()
	y := &yard{t: t, clock: clock, db: dbtest.New(t, clock.Now)}
	set := jobs.NewSet()
	cleanup.Add(set, y.db, keepEvents)
	var err error
	if y.jobs, err = jobs.New(y.db, set, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return y
}

// start lets the jobs run until the test ends; the schedule's first sweep is due at once.
func (y *yard) start() {
	y.t.Helper()
	if err := y.jobs.Start(y.t.Context()); err != nil {
		y.t.Fatal(err)
	}
	y.t.Cleanup(func() {
		if err := y.jobs.Stop(y.t.Context()); err != nil && y.t.Context().Err() == nil {
			y.t.Errorf("stop the jobs: %v", err)
		}
	})
}

// awaitDone waits until n jobs of a kind have succeeded.
func (y *yard) awaitDone(kind string, n int) {
	y.t.Helper()
	y.await(fmt.Sprintf("%s has run %d times", kind, n), func() bool {
		return y.count("SELECT count(*) FROM river_job WHERE kind = $1 AND state = 'completed'", kind) >= n
	})
}

// awaitSwept waits until every sweep except the named ones has succeeded.
func (y *yard) awaitSwept(but ...string) {
	y.t.Helper()
	for _, name := range cleanup.SweepNames() {
		if !slices.Contains(but, name) {
			y.await("the sweep of "+name+" is done", func() bool { return y.sweeps(name, "completed") > 0 })
		}
	}
}

// sweeps counts the jobs of a sweep in a state.
func (y *yard) sweeps(name, state string) int {
	y.t.Helper()
	return y.count("SELECT count(*) FROM river_job WHERE kind = 'sweep' AND args ->> 'name' = $1 AND state::text = $2", name, state)
}

func (y *yard) await(what string, reached func() bool) {
	y.t.Helper()
	timeout := time.NewTimer(arrival)
	defer timeout.Stop()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for !reached() {
		select {
		case <-again.C:
		case <-timeout.C:
			y.t.Fatalf("after %v, it is not so: %s", arrival, what)
		}
	}
}

func (y *yard) exec(statement string, args ...any) {
	y.t.Helper()
	if _, err := y.db.Exec(y.t.Context(), statement, args...); err != nil {
		y.t.Fatalf("%s: %v", statement, err)
	}
}

func (y *yard) count(query string, args ...any) (n int) {
	y.t.Helper()
	if err := y.db.QueryRow(y.t.Context(), query, args...).Scan(&n); err != nil {
		y.t.Fatal(err)
	}
	return n
}

// names lists texts in order.
func (y *yard) names(query string) []string {
	y.t.Helper()
	rows, err := y.db.Query(y.t.Context(), query)
	if err != nil {
		y.t.Fatal(err)
	}
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			y.t.Fatal(err)
		}
		all = append(all, name)
	}
	if err := rows.Err(); err != nil {
		y.t.Fatal(err)
	}
	return all
}

// ago is a time before the server's.
func (y *yard) ago(d time.Duration) time.Time { return y.clock.Now().Add(-d) }

// code is a verification that ended so long ago.
func (y *yard) code(name string, ended time.Duration) uuid.UUID {
	y.t.Helper()
	id := uuid.New()
	y.exec(`INSERT INTO verifications (id, secret_hash, purpose, channel, contact, locale, withheld, expires_at)
		VALUES ($1::uuid, sha256(uuid_send($1::uuid)), 'sign_up', 'email', $2, 'en', false, $3)`, id, name, y.ago(ended))
	return id
}

// proof is a verification whose code ended so long ago, and the proof that came of it, so long ago.
func (y *yard) proof(name string, codeEnded, proofEnded time.Duration) uuid.UUID {
	y.t.Helper()
	id := y.code(name, codeEnded)
	y.exec("UPDATE verifications SET verified_at = $2, proof_expires_at = $3 WHERE id = $1", id, y.ago(codeEnded), y.ago(proofEnded))
	return id
}

// budget is a contact that was last sent to, may be sent to again, and began its day of guesses so long ago.
func (y *yard) budget(contact string, touched, next, guesses time.Duration) {
	y.t.Helper()
	y.exec(`INSERT INTO code_budgets (purpose, channel, contact, sent_at, next_send_at, guesses, guesses_since, created_at, updated_at)
		VALUES ('sign_up', 'email', $1, ARRAY [$2::timestamptz], $3, 20, $4, $2, $2)`, contact, y.ago(touched), y.ago(next), y.ago(guesses))
}

func (y *yard) user(name string) uuid.UUID {
	y.t.Helper()
	id := uuid.New()
	y.exec(`INSERT INTO users (id, email, email_verified_at, name, nickname, nickname_key, role, locale)
		VALUES ($1, $2::text || '@example.com', now(), $2::text, $2::text, $2::text, 'trainee', 'en')`, id, name)
	return id
}

const (
	day = 24 * time.Hour
	// still is in the future.
	still = -time.Hour
)

func TestLG07_TheScheduleSweepsExpiredRows(t *testing.T) {
	t.Parallel()
	y := setup(t)
	y.code("abandoned long ago", 30*day)
	y.code("abandoned a day and a moment ago", day+time.Minute)
	y.code("ended within the day", day-time.Minute)
	y.code("alive", still)
	y.proof("unused long ago", 3*day, 2*day)
	y.proof("a proof that ended within the day", 2*day, time.Hour)
	y.proof("a proof that is good", 10*time.Minute, still)

	y.budget("full long ago", 30*day, 30*day, 30*day)
	y.budget("full", day+3*time.Hour, day+3*time.Hour, day+3*time.Hour)
	// Its last code ended ten minutes after it was sent, and the proof another hour later.
	y.budget("full since a moment ago", day+time.Hour, day+time.Hour, day+time.Hour)
	y.budget("sent to within the day", time.Hour, 59*time.Minute, 3*day)
	y.budget("must wait", day-time.Hour, still, 3*day)
	y.budget("guessed within the day", 2*day, 2*day, time.Hour)
	// The reason why a code has ended comes from its budget.
	y.budget("ended within the day", 2*day, 2*day, 2*day)

	ada := y.user("ada")
	for name, ended := range map[string]time.Duration{"ended": time.Minute, "ended long ago": 30 * day, "lives": still} {
		y.exec(`INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
			VALUES ($1, $2, '{pwd}', $3, $4, '127.0.0.1', $3, $5, $5)`, uuid.New(), ada, y.ago(31*day), name, y.ago(ended))
	}
	for name, ended := range map[string]time.Duration{"over": time.Minute, "over long ago": 30 * day, "counts": still} {
		y.exec(`INSERT INTO rate_limits (budget, key, count, since, ends_at) VALUES ($1, '\x00', 1, $2, $3)`, name, y.ago(31*day), y.ago(ended))
	}
	for name, at := range map[string]time.Duration{"within the retention": 399 * day, "past it": 401 * day} {
		y.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent) VALUES ($1, $2, $3, $4, '', '')`, uuid.New(), ada, name, y.ago(at))
	}
	for name, queued := range map[string]time.Duration{"sent long ago": 15 * day, "sent": 13 * day} {
		y.exec("INSERT INTO sends (id, kind, channel, contact, queued_at) VALUES ($1, 'code', 'sms', $2, $3)", uuid.New(), name, y.ago(queued))
	}

	y.start()
	y.awaitSwept()

	for query, want := range map[string][]string{
		"SELECT contact FROM verifications ORDER BY 1": {
			"a proof that ended within the day", "a proof that is good", "alive", "ended within the day",
		},
		"SELECT contact FROM code_budgets ORDER BY 1": {
			"ended within the day", "full since a moment ago", "guessed within the day", "must wait", "sent to within the day",
		},
		"SELECT user_agent FROM sessions ORDER BY 1": {"lives"},
		"SELECT budget FROM rate_limits ORDER BY 1":  {"counts"},
		"SELECT contact FROM sends":                  {"sent"},
		"SELECT type FROM events":                    {"within the retention"},
		"SELECT nickname FROM users":                 {"ada"},
	} {
		if diff := cmp.Diff(want, y.names(query)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", query, diff)
		}
	}
}

// The database was down when a job was to say how it went, until the job was given up.
func TestX8_ASendWhoseJobWasLostIsClosed(t *testing.T) {
	t.Parallel()
	y := setup(t)
	for name, c := range map[string]struct {
		kind, last string
		queued     time.Duration
		done       bool
	}{
		"a code that waits":             {"code", "", 9 * time.Minute, false},
		"a code that was lost":          {"code", "", 61 * time.Minute, false},
		"a code that was lost in doubt": {"code", "solapi: busy (1024)", 2 * time.Hour, false},
		"a code that was sent":          {"code", "", 2 * time.Hour, true},
		"a notice that waits":           {"password_changed", "", 24 * time.Hour, false},
		"a notice that was lost":        {"password_changed", "", 26 * time.Hour, false},
	} {
		y.exec(`INSERT INTO sends (id, kind, channel, contact, last_error, queued_at, state, ended_at)
			VALUES ($1, $2, 'sms', $3, $4, $5, CASE WHEN $6 THEN 'sent' ELSE 'queued' END, CASE WHEN $6 THEN $5::timestamptz END)`,
			uuid.New(), c.kind, name, c.last, y.ago(c.queued), c.done)
	}
	y.start()
	y.awaitSwept()
	want := []string{
		"a code that waits: queued", "a code that was lost: failed abandoned", "a code that was lost in doubt: failed solapi: busy (1024); abandoned",
		"a code that was sent: sent", "a notice that waits: queued", "a notice that was lost: failed abandoned",
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, y.names("SELECT rtrim(contact || ': ' || state || ' ' || last_error) COLLATE \"C\" AS line FROM sends ORDER BY line")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if n := y.count("SELECT count(*) FROM sends WHERE state = 'failed' AND ended_at IS NULL"); n != 0 {
		t.Errorf("%d have no end", n)
	}
}

func TestLG07_MoreThanOneStepIsSwept(t *testing.T) {
	t.Parallel()
	y := setup(t)
	const many = 2345
	y.exec(`INSERT INTO verifications (id, secret_hash, purpose, channel, contact, locale, withheld, expires_at)
		SELECT gen_random_uuid(), sha256(convert_to(n::text, 'UTF8')), 'sign_up', 'email', n::text, 'en', false, $2::timestamptz
		FROM generate_series(1, $1) n`, many, y.ago(2*day))
	y.exec(`INSERT INTO code_budgets (purpose, channel, contact, sent_at, next_send_at, created_at, updated_at)
		SELECT 'sign_up', 'email', 'budget ' || n, ARRAY [$2::timestamptz], $2, $2, $2 FROM generate_series(1, $1) n`, many, y.ago(3*day))
	y.exec(`INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
		SELECT gen_random_uuid(), $3, '{pwd}', $2, '', '', $2, $2, $2 FROM generate_series(1, $1)`, many, y.ago(day), y.user("ada"))
	y.exec(`INSERT INTO rate_limits (budget, key, count, since, ends_at)
		SELECT 'sign_in', sha256(convert_to(n::text, 'UTF8')), 1, $2, $2 FROM generate_series(1, $1) n`, many, y.ago(day))

	y.exec(`INSERT INTO sends (id, kind, channel, contact, queued_at) SELECT gen_random_uuid(), 'code', 'sms', n::text, $2::timestamptz FROM generate_series(1, $1) n`,
		many, y.ago(15*day))
	y.exec("INSERT INTO revocations (user_id, expires_at) SELECT gen_random_uuid(), $2 FROM generate_series(1, $1)", many, y.ago(day))
	y.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent) SELECT gen_random_uuid(), id, 'signed_in', $2, '', '' FROM users, generate_series(1, $1)`,
		many, y.ago(401*day))

	y.start()
	y.awaitSwept()

	for _, table := range []string{"verifications", "code_budgets", "sessions", "rate_limits", "sends", "revocations", "events"} {
		if n := y.count("SELECT count(*) FROM " + table); n != 0 {
			t.Errorf("%s has %d rows left", table, n)
		}
	}
}

func TestLG07_UsedProofsGoAtOnce(t *testing.T) {
	t.Parallel()
	y := setup(t)
	used, unused := y.proof("used", 0, still), y.proof("not used", 0, still)
	code := y.code("a code", still)
	y.exec("UPDATE verifications SET consumed_at = now() WHERE contact = 'used'")

	// Unused proofs are named too: a job must not delete anything that is valid.
	if err := y.db.InTx(t.Context(), func(tx db.Tx) error {
		return cleanup.Proofs(t.Context(), y.jobs, tx, []uuid.UUID{used, unused, code, uuid.New()})
	}); err != nil {
		t.Fatal(err)
	}
	y.start()
	y.awaitDone("delete_used_proofs", 1)
	y.awaitSwept()

	left := y.names("SELECT contact FROM verifications ORDER BY 1")
	if y.count("SELECT count(*) FROM verifications WHERE id = $1", used) != 0 {
		t.Errorf("the used proof is still there: %v", left)
	}
	for _, id := range []uuid.UUID{unused, code} {
		if y.count("SELECT count(*) FROM verifications WHERE id = $1", id) != 1 {
			t.Errorf("something that is good is gone; left are %v", left)
		}
	}
}

var errRollback = errors.New("roll back")

// A job exists if and only if the transaction that used the proof commits.
func TestLG07_ARolledBackUseDeletesNothing(t *testing.T) {
	t.Parallel()
	y := setup(t)
	used := y.proof("used", 0, still)
	y.exec("UPDATE verifications SET consumed_at = now()")
	_ = y.db.InTx(t.Context(), func(tx db.Tx) error {
		if err := cleanup.Proofs(t.Context(), y.jobs, tx, []uuid.UUID{used}); err != nil {
			t.Error(err)
		}
		return errRollback
	})
	if err := y.db.InTx(t.Context(), func(tx db.Tx) error { return cleanup.Proofs(t.Context(), y.jobs, tx, nil) }); err != nil {
		t.Error(err)
	}
	if n := y.count("SELECT count(*) FROM river_job"); n != 0 {
		t.Errorf("%d jobs are queued", n)
	}
}

// Ending all sessions and deleting an account leave rows behind when there are many.
func TestID09_WhatIsLeftOfEndedSessionsAndDeletedAccountsIsErased(t *testing.T) {
	t.Parallel()
	y := setup(t)
	const many = 2345
	ada, bob, eve := y.user("ada"), y.user("bob"), y.user("eve")
	for _, user := range []uuid.UUID{ada, bob, eve} {
		y.exec(`INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, sweep_at)
			SELECT gen_random_uuid(), $2, '{pwd}', $3, '', '', $3, $4, $4, $4 FROM generate_series(1, $1)`, many, user, y.ago(0), y.ago(still))
		y.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent)
			SELECT gen_random_uuid(), $2, 'signed_in', $3, '192.0.2.1', 'Firefox' FROM generate_series(1, $1)`, many, user, y.ago(0))
		y.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent, details)
			VALUES (gen_random_uuid(), $1, 'disabled', $2, '', '', '{"reason": "personal", "session": "ses_1"}')`, user, y.ago(0))
		y.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent, actor_kind, request_id) VALUES
			(gen_random_uuid(), $1, 'enabled', $2, '', '', 'administrator', 'req_1'), (gen_random_uuid(), $1, 'signed_out', $2, '', '', 'user', 'req_2')`, user, y.ago(0))
	}
	// Ada has ended all her sessions but one, and has signed in again since.
	y.exec(`UPDATE users SET session_generation = 1 WHERE id = $1`, ada)
	y.exec(`UPDATE sessions SET generation = 1 WHERE id = (SELECT id FROM sessions WHERE user_id = $1 LIMIT 1)`, ada)
	y.exec(`INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, generation, sweep_at)
		VALUES (gen_random_uuid(), $1, '{pwd}', $2, '', '', $2, $3, $3, 1, $3)`, ada, y.ago(0), y.ago(still))
	y.exec("INSERT INTO erasures (user_id) VALUES ($1)", ada)
	// Bob is deleted by a statement of an operator.
	y.exec("DELETE FROM users WHERE id = $1", bob)
	before := y.count("SELECT count(*) FROM revocations")

	y.start()
	y.awaitSwept()
	for what, want := range map[string]struct{ ada, bob, eve int }{
		"SELECT count(*) FROM sessions WHERE user_id = $1": {2, 0, many},
		// That something happened stays, without where from and with what.
		"SELECT count(*) FROM events WHERE user_id = $1":                                                          {many + 3, many + 3, many + 3},
		"SELECT count(*) FROM events WHERE user_id = $1 AND (ip <> '' OR user_agent <> '' OR details ? 'reason')": {many + 1, 0, many + 1},
		"SELECT count(*) FROM events WHERE user_id = $1 AND details ->> 'session' = 'ses_1'":                      {1, 1, 1},
		"SELECT count(*) FROM events WHERE user_id = $1 AND request_id = 'req_1'":                                 {1, 1, 1},
		"SELECT count(*) FROM events WHERE user_id = $1 AND request_id = 'req_2'":                                 {1, 0, 1},
		"SELECT count(*) FROM events WHERE user_id = $1 AND erased_at IS NOT NULL":                                {0, many + 3, 0},
	} {
		for user, want := range map[uuid.UUID]int{ada: want.ada, bob: want.bob, eve: want.eve} {
			if n := y.count(what, user); n != want {
				t.Errorf("%s: got %d, want %d", what, n, want)
			}
		}
	}
	if n := y.count("SELECT count(*) FROM erasures"); n != 0 {
		t.Errorf("%d erasures are left", n)
	}
	// Sessions that had ended before need no entry.
	if n := y.count("SELECT count(*) FROM revocations"); n != before {
		t.Errorf("the log has grown from %d to %d entries", before, n)
	}
}
