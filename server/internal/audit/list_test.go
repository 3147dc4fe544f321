package audit_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// history is the activity of one account.
type history struct {
	t      *testing.T
	db     *db.DB
	clock  *dbtest.Clock
	master secret.Master
	log    *audit.Log
	user   id.User
}

func setup(t *testing.T) *history {
	t.Helper()
	h := &history{t: t, clock: dbtest.NewClock(), user: id.NewUser()}
	h.db = dbtest.New(t, h.clock.Now)
	var err error
	if h.master, err = secret.NewMaster(secret.NewText("a master secret for tests of activity")); err != nil {
		t.Fatal(err)
	}
	h.log = audit.New(h.db, h.master)
	h.account(h.user)
	return h
}

func (h *history) account(user id.User) {
	h.t.Helper()
	h.exec(`INSERT INTO users (id, email, email_verified_at, name, nickname, nickname_key, role, locale)
		VALUES ($1, $2, now(), 'Ada', 'ada', $2, 'trainee', 'en')`, uuid.UUID(user), user.String()+"@example.com")
}

func (h *history) exec(statement string, args ...any) {
	h.t.Helper()
	if _, err := h.db.Exec(h.t.Context(), statement, args...); err != nil {
		h.t.Fatalf("%s: %v", statement, err)
	}
}

// happened writes an entry under an id that a replica has made at another time than the entry's.
func (h *history) happened(event string, at, replicasTime time.Time) {
	h.t.Helper()
	h.exec("INSERT INTO events (id, user_id, type, at, ip, user_agent) VALUES ($1, $2, $3, $4, '', '')",
		uuidAt(replicasTime), uuid.UUID(h.user), event, at)
}

// uuidAt makes an id of version 7 (RFC 9562 section 5.7), as a machine makes it whose clock shows a time.
func uuidAt(at time.Time) uuid.UUID {
	made := uuid.Must(uuid.NewV7())
	ms := at.UnixMilli()
	for i := range 6 {
		made[i] = byte(ms >> (8 * (5 - i)))
	}
	return made
}

// pages reads the list to its end.
func (h *history) pages(size int) (events []string) {
	h.t.Helper()
	for token := ""; ; {
		page, next, err := h.log.List(h.t.Context(), h.user, size, token)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, entry := range page {
			events = append(events, entry.Type)
		}
		if token = next; token == "" {
			return events
		}
	}
}

// Two replicas' machines show other times than the database. What happened last stands first all the same.
func TestListsGoByTheDatabasesTime(t *testing.T) {
	t.Parallel()
	h := setup(t)
	now := h.clock.Now()
	var want []string
	for i := range 20 {
		event := fmt.Sprintf("event %d", i)
		at := now.Add(time.Duration(i) * time.Millisecond)
		h.happened(event, at, at.Add([]time.Duration{time.Hour, -time.Hour, 0}[i%3]))
		want = append(want, event)
	}
	slices.Reverse(want)
	for _, size := range []int{1, 2, 3, 7, 20, 100} {
		if diff := cmp.Diff(want, h.pages(size)); diff != "" {
			t.Errorf("in pages of %d (-want +got):\n%s", size, diff)
		}
	}
}

// Entries of the same instant are told apart by their ids, so that none is left out between two pages, or comes twice.
func TestPagesCutThroughAnInstant(t *testing.T) {
	t.Parallel()
	h := setup(t)
	const entries = 11
	for i := range entries {
		h.happened(fmt.Sprintf("event %02d", i), h.clock.Now(), h.clock.Now())
	}
	for _, size := range []int{1, 2, 3, 5, 10, 11} {
		events := h.pages(size)
		slices.Sort(events)
		if len(events) != entries || len(slices.Compact(events)) != entries {
			t.Errorf("in pages of %d there are %v", size, events)
		}
	}
}

// A page is found in the index, however many entries of the same user stand before it, and however much has happened to others
// since the user was there.
func TestIN04_APageReadsNoMoreThanItShows(t *testing.T) {
	t.Parallel()
	h := setup(t)
	other := id.NewUser()
	h.account(other)
	h.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent)
		SELECT gen_random_uuid(), $1, 'signed_in', $2::timestamptz - n * interval '1 minute', '', '' FROM generate_series(1, 20000) n`,
		uuid.UUID(h.user), h.clock.Now())
	h.exec(`INSERT INTO events (id, user_id, type, at, ip, user_agent)
		SELECT gen_random_uuid(), $1, 'signed_in', $2::timestamptz + n * interval '1 minute', '', '' FROM generate_series(1, 20000) n`,
		uuid.UUID(other), h.clock.Now())
	h.exec("ANALYZE events")
	statements := &dbtest.Statements{}
	traced, err := db.Open(t.Context(), db.Config{URL: db.URL(h.db.Config().ConnString()), MaxConns: 2, Clock: h.clock.Now, Tracer: statements})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(traced.Close)
	log := audit.New(traced, h.master)
	const size = 20
	token := ""
	for range 300 {
		if _, token, err = log.List(t.Context(), h.user, size, token); err != nil || token == "" {
			t.Fatalf("the next page is %q: %v", token, err)
		}
	}
	pages := slices.DeleteFunc(statements.Kept(), func(s dbtest.Statement) bool { return s.Name != "ListUserEvents" })
	for _, page := range []dbtest.Statement{pages[0], pages[299]} {
		for _, mode := range []string{dbtest.GenericPlan, dbtest.CustomPlan} {
			if plan := dbtest.Explain(t, h.db, page, mode); plan.RowsRead() != size+1 {
				t.Errorf("%s: %d rows are read\n%s", mode, plan.RowsRead(), plan)
			}
		}
	}
}

func TestIN03_ATokenOfTheVersionBeforeIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.happened("signed_up", h.clock.Now(), h.clock.Now())
	last := uuid.Max
	mac := hmac.New(sha256.New, h.master.Key("page tokens of activity lists, HMAC-SHA256, v1").Reveal())
	mac.Write(h.user[:])
	mac.Write(last[:])
	token := base64.RawURLEncoding.EncodeToString(append(last[:], mac.Sum(nil)[:16]...))
	if _, _, err := h.log.List(t.Context(), h.user, 10, token); !fault.Is(err, latchkeyv1.Reason_REASON_INVALID_FIELDS) {
		t.Errorf("it is answered %v", err)
	}
}
