package cleanup_test

import (
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/jobs"
)

const (
	// The size of a table when a sweep runs, and how many of its rows are past their retention.
	rowsOfATable = 40_000
	manyDue      = 5000
	fewDue       = 50
	// rowsOfAStep is how many of them a statement takes at most.
	rowsOfAStep = 1000
)

// filling is a table before a sweep.
type filling struct {
	// old is the age of a row that is past its retention, and young that of one which is not.
	old, young time.Duration
	table      string
	// insert inserts rows of r, with a number n for each, and the time at which it was of its age.
	insert string
	// due finds the rows that are past their retention.
	due string
}

// gone is a user whose account was deleted, and of whom rows are left.
const gone = "00000000-0000-0000-0000-00000000dead"

// others are the accounts of other users, among which a statement looks for one.
const others = `, others AS (INSERT INTO users (id, name, nickname, nickname_key, role, locale)
	SELECT gen_random_uuid(), 'O', 'o' || n, 'o' || n, 'trainee', 'en' FROM generate_series(1, 5000) n)`

// fewRows are statements of sweeps that read few rows by the limits of their tables.
var fewRows = map[string]string{
	"EraseKnownDevices": "an account has a hundred known devices at most",
	"EndErasure":        "it deletes a row by its key",
	"EraseSessions":     "it stops after a thousand rows; where one user has a large share of the table, any plan finds them soon",
}

// Beside the rows that are due and those that are not, some are as like the former as can be.
var fillings = map[string]filling{
	"SweepVerifications": {old: day + 2*time.Hour, young: day - time.Hour, table: "verifications", due: "greatest(expires_at, proof_expires_at) < @young", insert: `
		INSERT INTO verifications (id, secret_hash, purpose, channel, contact, locale, withheld, expires_at, verified_at, proof_expires_at)
		SELECT gen_random_uuid(), sha256(n::text::bytea), 'sign_up', 'email', n::text, 'en', false, @old, at, at FROM r`},
	"SweepCodeBudgets": {old: day + 3*time.Hour, young: day, table: "code_budgets", due: "next_send_at < @young", insert: `,
		codes AS (
			INSERT INTO verifications (id, secret_hash, purpose, channel, contact, locale, withheld, expires_at)
			SELECT gen_random_uuid(), sha256(n::text::bytea), 'sign_up', 'email', n::text, 'en', false, at FROM r WHERE n > @many)
		INSERT INTO code_budgets (purpose, channel, contact, sent_at, next_send_at, created_at, updated_at)
		SELECT 'sign_up', 'email', n::text, ARRAY [at], at, @old, @old FROM r`},
	"SweepRateLimits": {old: time.Minute, young: -time.Minute, table: "rate_limits", due: "ends_at < @young", insert: `
		INSERT INTO rate_limits (budget, key, count, since, ends_at) SELECT 'sign_in', sha256(n::text::bytea), 1, @old, at FROM r`},
	"CloseAbandonedCodes": {old: 2 * time.Hour, young: time.Minute, table: "sends", due: "kind = 'code' AND queued_at < @young", insert: `
		INSERT INTO sends (id, kind, channel, contact, queued_at)
		SELECT gen_random_uuid(), kind, 'email', n::text, CASE kind WHEN 'code' THEN at ELSE @old END FROM r, (VALUES ('code'), ('notice')) AS k (kind)`},
	"CloseAbandonedSends": {old: 26 * time.Hour, young: 24 * time.Hour, table: "sends", due: "state = 'queued' AND queued_at < @young", insert: `
		INSERT INTO sends (id, kind, channel, contact, queued_at, state, ended_at)
		SELECT gen_random_uuid(), 'notice', 'email', n::text, at, state, CASE state WHEN 'sent' THEN at END FROM r, (VALUES ('queued'), ('sent')) AS s (state)`},
	"SweepSends": {old: 15 * day, young: 13 * day, table: "sends", due: "queued_at < @young", insert: `
		INSERT INTO sends (id, kind, channel, contact, queued_at) SELECT gen_random_uuid(), 'notice', 'email', n::text, at FROM r`},
	"SweepSessions": {old: time.Minute, young: -time.Minute, table: "sessions", due: "sweep_at < @young", insert: `
		INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, sweep_at)
		SELECT gen_random_uuid(), @user, '{pwd}', @old, '', '', @old, at, at, at FROM r`},
	"ListErasures": {old: time.Minute, young: 0, table: "erasures", due: "created_at < @young", insert: `
		INSERT INTO erasures (user_id, created_at) SELECT gen_random_uuid(), at FROM r`},
	// Some that are done already are passed over without being read.
	"EraseEvents": {old: time.Minute, young: 0, table: "events", due: "user_id = '" + gone + "' AND erased_at IS NULL", insert: others + `,
		done AS (INSERT INTO events (id, user_id, type, at, ip, user_agent, erased_at)
			SELECT gen_random_uuid(), '` + gone + `', 'signed_in', at + interval '1 hour', '', '', now() FROM r WHERE n > @many)
		INSERT INTO events (id, user_id, type, at, ip, user_agent)
		SELECT gen_random_uuid(), CASE WHEN n <= @many THEN '` + gone + `'::uuid ELSE gen_random_uuid() END, 'signed_in', at, '', '' FROM r`},
	"SweepRevocations": {old: time.Minute, young: -time.Minute, table: "revocations", due: "expires_at < @young", insert: `
		INSERT INTO revocations (user_id, expires_at) SELECT @user, at FROM r`},
	"SweepKnownDevices": {old: 401 * day, young: 399 * day, table: "known_devices", due: "last_seen_at < @young", insert: `
		INSERT INTO known_devices (user_id, fingerprint, session_id, first_seen_at, last_seen_at)
		SELECT @user, sha256(n::text::bytea), gen_random_uuid(), at, at FROM r`},
	"SweepEvents": {old: 401 * day, young: 399 * day, table: "events", due: "at < @young", insert: `
		INSERT INTO events (id, user_id, type, at, ip, user_agent) SELECT gen_random_uuid(), @user, 'signed_in', at, '', '' FROM r`},
}

// The statements are those that the jobs have executed, planned for any arguments and for these.
func TestLG07_ASweepReadsNoMoreRowsThanItTakes(t *testing.T) {
	t.Parallel()
	y := setup(t)
	swept := y.sweptStatements()
	for name := range fillings {
		if _, ok := swept[name]; !ok {
			t.Errorf("no job has executed %s", name)
		}
	}
	user := y.user("ada")
	for name, statement := range swept {
		if fewRows[name] != "" {
			continue
		}
		filling, ok := fillings[name]
		if !ok {
			t.Errorf("%s is not tried on a large table: fill one for it", name)
			continue
		}
		args := pgx.NamedArgs{
			"rows": rowsOfATable, "many": manyDue, "few": fewDue, "user": user, "old": y.ago(filling.old), "young": y.ago(filling.young),
		}
		y.exec(`WITH r AS MATERIALIZED (
			SELECT n, CASE WHEN n <= @many THEN @old::timestamptz - n * interval '1 ms' ELSE @young::timestamptz + n * interval '1 ms' END AS at
			FROM generate_series(1, @rows::integer) n)`+filling.insert, args)
		for _, due := range []int{manyDue, fewDue} {
			if due == fewDue {
				y.exec(fmt.Sprintf(`DELETE FROM %s WHERE ctid IN (SELECT ctid FROM %[1]s WHERE %s OFFSET @few)`, filling.table, filling.due), args)
			}
			for _, analyzed := range []bool{false, true} {
				// The rows are found, and then deleted. Without statistics, as in a table that has grown since the last
				// autovacuum, all due rows may be sorted to find the oldest.
				most := 4 * due
				if analyzed {
					y.exec("ANALYZE")
					most = 4 * min(due, rowsOfAStep)
				}
				for _, mode := range []string{dbtest.GenericPlan, dbtest.CustomPlan} {
					plan := dbtest.Explain(t, y.db, statement, mode)
					if read := plan.RowsRead(); read == 0 || read > most {
						t.Errorf("%s, %s: %d rows were read, and %d are due\n%s", name, mode, read, due, plan)
					}
					if tables := plan.ScannedWhole(); len(tables) > 0 {
						t.Errorf("%s, %s: reads all of %v\n%s", name, mode, tables, plan)
					}
				}
			}
		}
		y.exec("TRUNCATE users, sessions, events, code_budgets, verifications, rate_limits, sends, revocations CASCADE")
		y.exec("TRUNCATE erasures, known_devices")
		user = y.user("ada")
	}
}

// sweptStatements lets every sweep run, and returns what their jobs have executed, by name.
func (y *yard) sweptStatements() map[string]dbtest.Statement {
	y.t.Helper()
	statements := &dbtest.Statements{}
	traced, err := db.Open(y.t.Context(), db.Config{URL: db.URL(y.db.Config().ConnString()), MaxConns: 4, Clock: y.clock.Now, Tracer: statements})
	if err != nil {
		y.t.Fatal(err)
	}
	y.t.Cleanup(traced.Close)
	set := jobs.NewSet()
	cleanup.Add(set, traced, keepEvents)
	// The queue's own statements are not traced.
	if y.jobs, err = jobs.New(y.db, set, slog.New(slog.DiscardHandler)); err != nil {
		y.t.Fatal(err)
	}
	y.exec("INSERT INTO erasures (user_id) VALUES ($1)", gone)
	y.start()
	y.awaitSwept()
	swept := map[string]dbtest.Statement{}
	for _, s := range statements.Kept() {
		if s.Name == "" {
			y.t.Errorf("a sweep has executed something without a name: %s", s.SQL)
		}
		swept[s.Name] = s
	}
	return swept
}
