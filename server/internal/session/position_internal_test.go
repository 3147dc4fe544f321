package session

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// follower reads a log as a replica does, and counts.
type follower struct {
	t  *testing.T
	db *db.DB
	at position
	// pages and entries are those of the last reading.
	pages, entries int
}

func newFollower(t *testing.T) *follower {
	t.Helper()
	return &follower{t: t, db: dbtest.New(t)}
}

// writes adds entries to the log, in a transaction of its own unless one is given.
func (f *follower) writes(tx dbsqlc.DBTX, n int) {
	f.t.Helper()
	if _, err := tx.Exec(f.t.Context(), `INSERT INTO revocations (user_id, session_id, expires_at)
		SELECT gen_random_uuid(), gen_random_uuid(), now() + interval '1 hour' FROM generate_series(1, $1)`, n); err != nil {
		f.t.Fatal(err)
	}
}

// reads reads to the log's end, and returns how many entries there were.
func (f *follower) reads() int {
	f.t.Helper()
	f.pages, f.entries = 0, 0
	for {
		f.page()
		if !f.at.unfinished() {
			return f.entries
		}
	}
}

func (f *follower) page() changes {
	f.t.Helper()
	next, n, err := readPage(f.t.Context(), dbsqlc.New(), f.db, f.at, time.Now())
	if err != nil {
		f.t.Fatal(err)
	}
	f.at = next
	f.pages++
	f.entries += len(n.Ended) + len(n.Changed)
	return n
}

func (f *follower) expects(entries int, what string) {
	f.t.Helper()
	if got := f.reads(); got != entries {
		f.t.Errorf("%s: %d entries are read, want %d", what, got, entries)
	}
}

func TestEachEntryOfTheLogIsReadOnce(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	f.expects(0, "an empty log")
	f.writes(f.db, 3)
	f.expects(3, "three new ones")
	f.expects(0, "nothing new")
	f.writes(f.db, 2)
	f.writes(f.db, 2)
	f.expects(4, "those of two transactions")
}

// Ids and transaction numbers are given before the commit, in any order.
func TestALateCommitIsReadThoughOthersWereFaster(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	var late [3]pgx.Tx
	for i := range late {
		tx, err := f.db.Begin(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
		f.writes(tx, 1)
		late[i] = tx
	}
	f.writes(f.db, 5)
	f.expects(5, "while three are open")
	f.writes(f.db, 1)
	f.expects(1, "while three are still open")
	f.writes(late[1], 1)
	if err := late[1].Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.expects(2, "the second of three")
	for _, i := range []int{2, 0} {
		f.expects(0, "nothing new")
		if err := late[i].Commit(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.expects(1, "another one of three")
	}
}

// An open transaction anywhere in the cluster holds the horizon of all snapshots.
func TestAnOpenTransactionDoesNotMakeReadingCostMore(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	elsewhere, err := pgx.Connect(t.Context(), dbtest.EmptyURL(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = elsewhere.Close(context.WithoutCancel(t.Context())) }()
	if _, err := elsewhere.Exec(t.Context(), "BEGIN; SELECT pg_current_xact_id()"); err != nil {
		t.Fatal(err)
	}
	f.reads()
	f.writes(f.db, 3*pageSize)
	f.expects(3*pageSize, "a long log")
	for range 3 {
		f.writes(f.db, 1)
		f.expects(1, "one more")
		if f.pages != 1 {
			t.Errorf("%d pages are read for one entry", f.pages)
		}
	}
}

// A connection that breaks in the middle of a long log, and its successor.
func TestReadingGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	for what, begin := range map[string]func(*follower){
		"from the beginning": func(*follower) {},
		"from a position":    func(f *follower) { f.reads() },
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			f := newFollower(t)
			begin(f)
			f.writes(f.db, 2*pageSize+7)
			f.page()
			// Meanwhile the log grows: at its end, and with an id that was passed by.
			f.writes(f.db, 2)
			if _, err := f.db.Exec(t.Context(), `INSERT INTO revocations (id, user_id, expires_at) OVERRIDING SYSTEM VALUE
				VALUES (-1, gen_random_uuid(), now() + interval '1 hour')`); err != nil {
				t.Fatal(err)
			}
			f.page()
			f.page()
			if f.at.unfinished() || f.entries < 2*pageSize+7 {
				t.Fatalf("%d entries are read in %d pages", f.entries, f.pages)
			}
			if n := f.reads(); n < 1 || n > 3 {
				t.Errorf("%d entries have come meanwhile, want 3 at most, and the one with the low id", n)
			}
			f.expects(0, "nothing new")
		})
	}
}

// After a failover or a restored copy, the numbers of transactions say nothing: they may be given a second time.
func TestSE09_AnotherServerIsReadFromItsBeginning(t *testing.T) {
	t.Parallel()
	for what, become := range map[string]func(*position){
		"another process": func(at *position) { at.server = "1700000000.123456" },
		"a process whose memory was reset": func(at *position) {
			at.snapshot = "999999999999:999999999999:"
		},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			f := newFollower(t)
			f.writes(f.db, 3)
			f.reads()
			become(&f.at)
			if n := f.page(); !n.AllChanged || !f.at.unfinished() {
				t.Error("it is not noticed")
			}
			f.expects(3, "the whole log")
			f.expects(0, "nothing new")
		})
	}
}

func TestEntriesThatNobodyNeedsAreNotRead(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	if _, err := f.db.Exec(t.Context(), `INSERT INTO revocations (user_id, expires_at)
		VALUES (gen_random_uuid(), now() - interval '1 minute')`); err != nil {
		t.Fatal(err)
	}
	f.writes(f.db, 1)
	f.expects(1, "one of two")
}

func TestAnEntryWithoutAUserStandsForMany(t *testing.T) {
	t.Parallel()
	f := newFollower(t)
	if _, err := f.db.Exec(t.Context(), `INSERT INTO revocations (user_id, session_id, expires_at) VALUES
		('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '2100-01-01'),
		('00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', '2099-01-01')`); err != nil {
		t.Fatal(err)
	}
	n := f.page()
	if !n.UnnamedUntil.Equal(time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)) || n.AllChanged || f.entries > 0 {
		t.Errorf("sessions are read as %v", n)
	}
	if _, err := f.db.Exec(t.Context(), `INSERT INTO revocations (user_id, expires_at)
		VALUES ('00000000-0000-0000-0000-000000000000', '2100-01-01')`); err != nil {
		t.Fatal(err)
	}
	if n := f.page(); !n.UnnamedUntil.IsZero() || !n.AllChanged || f.entries > 0 {
		t.Errorf("users are read as %v", n)
	}
	session, user := uuid.New(), uuid.New()
	if _, err := f.db.Exec(t.Context(), `INSERT INTO revocations (user_id, session_id, expires_at)
		VALUES ($1, $2, '2100-01-01'), ($1, NULL, '2100-01-01')`, user, session); err != nil {
		t.Fatal(err)
	}
	n = f.page()
	if len(n.Ended) != 1 || n.Ended[id.Session(session)].IsZero() || len(n.Changed) != 1 || n.Changed[0] != id.User(user) {
		t.Errorf("one of each is read as %v", n)
	}
}
