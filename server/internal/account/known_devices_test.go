package account_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

const firefoxOnLinux = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"

// notified waits until everything has arrived, and counts the mails to a person that are no codes.
func notified(env *latchkeytest.Env, p *latchkeytest.Person) int {
	env.T.Helper()
	return notices(env, p.Mailbox)[p.Mailbox]
}

// The table is empty after the update, so that no device is known. That is noticed once.
func TestRC06_AnOldAccountGetsOneNoticeOfItsFirstSignIn(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	ada.SignsUp()
	if _, err := env.DB.Exec(t.Context(), "TRUNCATE known_devices"); err != nil {
		t.Fatal(err)
	}
	signsInWith(t, env, ada, chromeOnWindows)
	signsInWith(t, env, ada, newerChrome)
	if n := notified(env, ada); n != 1 {
		t.Errorf("the owner got %d notices, want once", n)
	}
}

// After a report, a device is unknown, even if it was the last known one, and however its session has ended.
func TestRC06_AReportedDeviceCausesANoticeAgain(t *testing.T) {
	t.Parallel()

	for name, ends := range map[string]func(t *testing.T, env *latchkeytest.Env, thief *latchkeytest.Person){
		"while its session lives": func(*testing.T, *latchkeytest.Env, *latchkeytest.Person) {},
		"after the thief has signed out": func(t *testing.T, env *latchkeytest.Env, thief *latchkeytest.Person) {
			if _, err := env.Account.SignOut(thief.As(), &latchkeyv1.SignOutRequest{}); err != nil {
				t.Fatal(err)
			}
		},
		"after its row was swept away": func(t *testing.T, env *latchkeytest.Env, _ *latchkeytest.Person) {
			if _, err := env.DB.Exec(t.Context(), "DELETE FROM sessions"); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := latchkeytest.New(t)
			ada := env.Person(adasAddress)
			ada.SignsUp()
			if _, err := env.DB.Exec(t.Context(), "TRUNCATE known_devices"); err != nil {
				t.Fatal(err)
			}
			thief := *ada
			thief.Tokens = signsInWith(t, env, ada, chromeOnWindows)
			link := linkIn(t, env.AwaitMessage(ada.Mailbox, 2).Text.Reveal())
			ends(t, env, &thief)
			follows(t, env, link, true)
			if n := env.Rows("known_devices")["known_devices"]; n != 0 {
				t.Errorf("%d devices are known", n)
			}
			signsInWith(t, env, ada, chromeOnWindows)
			if n := notified(env, ada); n != 2 {
				t.Errorf("the owner got %d notices, want of both sign-ins", n)
			}
		})
	}
}

// A report affects no other device.
func TestRC06_TheOwnersDeviceStaysKnown(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person(adasAddress)
	ada.SignsUp()
	signsInWith(t, env, ada, firefoxOnLinux)
	env.AwaitMessage(ada.Mailbox, 2)
	signsInWith(t, env, ada, chromeOnWindows)
	follows(t, env, linkIn(t, env.AwaitMessage(ada.Mailbox, 3).Text.Reveal()), true)
	ada.SignsIn()
	signsInWith(t, env, ada, firefoxOnLinux)
	if n := notified(env, ada); n != 2 {
		t.Errorf("the owner got %d notices, want of two devices", n)
	}
}

// A sign-in on a device that was seen today writes nothing about it.
func TestAKnownDeviceIsNotedOnceADay(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	b.signsUp()
	seen := func() (version string, last time.Time) {
		t.Helper()
		if err := b.db.QueryRow(t.Context(), "SELECT xmin::text || ctid::text, last_seen_at FROM known_devices").Scan(&version, &last); err != nil {
			t.Fatal(err)
		}
		return version, last
	}
	signsIn := func() {
		t.Helper()
		if _, err := b.accounts.SignIn(t.Context(), credentials(ada, goodPassword)); err != nil {
			t.Fatal(err)
		}
	}
	first, at := seen()
	b.clock.Advance(23 * time.Hour)
	signsIn()
	if again, _ := seen(); again != first {
		t.Error("within a day, the row is written again")
	}
	b.clock.Advance(2 * time.Hour)
	signsIn()
	if _, last := seen(); last.Sub(at) != 25*time.Hour {
		t.Errorf("after a day, it was last seen %v after the first time", last.Sub(at))
	}
}

// models returns user agents of ever new devices.
func models(n int) string {
	return fmt.Sprintf("Mozilla/5.0 (Linux; Android 14; SM-%c%03dN) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36", 'A'+n/1000, n%1000)
}

func TestKnownDevicesAreBounded(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	b.signsUp()
	for n := range 120 {
		// The budgets of notices must not be what bounds them.
		b.clock.Advance(2 * time.Hour)
		in := credentials(ada, goodPassword)
		in.Client = session.Client{UserAgent: models(n), IP: "192.0.2.1"}
		if _, err := b.accounts.SignIn(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	if n := b.count("SELECT count(*) FROM known_devices"); n != 100 {
		t.Errorf("%d devices are known, want 100", n)
	}
	// The devices that were seen longest ago were deleted: that of the sign-up, and the first ones after it.
	if n := b.count("SELECT count(*) FROM known_devices WHERE first_seen_at < $1", b.clock.Now().Add(-200*time.Hour)); n != 0 {
		t.Errorf("%d of the oldest are known", n)
	}
	// The sweep takes those that were not seen for a time, and no others.
	before := b.clock.Now().Add(-99 * time.Hour)
	swept, err := dbsqlc.New().SweepKnownDevices(t.Context(), b.db, before)
	if err != nil || int(swept) != 50 || b.count("SELECT count(*) FROM known_devices WHERE last_seen_at < $1", before) != 0 {
		t.Errorf("%d were swept: %v", swept, err)
	}
}

func TestID09_KnownDevicesGoWithTheAccount(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada, bob := env.Person(adasAddress), env.Person("bob@example.com")
	ada.SignsUp()
	bob.SignsUp()
	signsInWith(t, env, ada, chromeOnWindows)
	if _, err := env.Account.DeleteAccount(ada.As(), &latchkeyv1.DeleteAccountRequest{}); err != nil {
		t.Fatal(err)
	}
	if n := env.Rows("known_devices")["known_devices"]; n != 1 {
		t.Errorf("%d devices are known, want Bob's", n)
	}
}

// Two sign-ins at once with a device that is unknown tell of it once.
func TestRC06_ConcurrentSignInsCauseOneNotice(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	b.signsUp()
	outcomes := together(t, 10, func(int) error {
		in := credentials(ada, goodPassword)
		in.Client = session.Client{UserAgent: chromeOnWindows, IP: "192.0.2.1"}
		_, err := b.accounts.SignIn(context.WithoutCancel(t.Context()), in)
		return err
	})
	if outcomes[success] != 10 {
		t.Errorf("the outcomes are %v", outcomes)
	}
	if n := b.count("SELECT count(*) FROM river_job WHERE kind = 'send_notice'"); n != 1 {
		t.Errorf("%d notices are sent", n)
	}
}

// statements collects what a use-case really asks the database.
type statements struct {
	mu   sync.Mutex
	list []statement
}

type statement struct {
	sql  string
	args []any
}

// TraceQueryStart collects.
func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(s.list, statement{sql: data.SQL, args: data.Args})
	return ctx
}

// TraceQueryEnd has nothing to do.
func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// taken returns the statements since the last call.
func (s *statements) taken() []statement {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.list
	s.list = nil
	return list
}

var figures = regexp.MustCompile(` *\((cost|rows|width)[^)]*\)|cost=\S+|rows=\d+|width=\d+`)

// plans explains statements, without what an estimate changes.
func (b *bundle) plans(list []statement) (plans []string) {
	b.t.Helper()
	for _, s := range list {
		switch s.sql {
		case "begin", "commit", "rollback":
			continue
		}
		rows, err := b.db.Query(b.t.Context(), "EXPLAIN "+s.sql, s.args...)
		if err != nil {
			b.t.Fatalf("%s: %v", s.sql, err)
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil {
			b.t.Fatalf("%s: %v", s.sql, err)
		}
		plans = append(plans, figures.ReplaceAllString(strings.Join(lines, "\n"), ""))
	}
	return plans
}

// With a history of a million entries, a sign-in asks the same, in the same way, and reads none of them.
func TestASignInReadsNoHistory(t *testing.T) {
	t.Parallel()
	b := setup(t, patient)
	b.signsUp()
	asked := &statements{}
	traced := *b
	traced.db = latchkeytest.Open(t, db.Config{URL: db.URL(b.db.Config().ConnString()), MaxConns: 1, Clock: b.clock.Now, Tracer: asked})
	service := traced.services(patient).Accounts
	signIn := func() []string {
		t.Helper()
		asked.taken()
		in := credentials(ada, goodPassword)
		in.Client = session.Client{UserAgent: chromeOnWindows, IP: "192.0.2.1"}
		if _, err := service.SignIn(t.Context(), in); err != nil {
			t.Fatal(err)
		}
		list := asked.taken()
		for _, s := range list {
			if strings.Contains(s.sql, "events") && !strings.Contains(s.sql, "INSERT INTO events") {
				t.Errorf("a sign-in reads the history:\n%s", s.sql)
			}
		}
		if len(list) < 5 {
			t.Fatalf("only %d statements were seen", len(list))
		}
		return b.plans(list)
	}
	// The first sign-in sends the notice; the second is like all later ones.
	signIn()
	b.exec("ANALYZE")
	before := signIn()
	dbtest.Fill(t, b.db, `INSERT INTO events (id, user_id, type, at, ip, user_agent)
		SELECT lpad(to_hex(n), 32, '0')::uuid, (SELECT id FROM users), 'signed_in', now(), '192.0.2.1', 'agent ' || n FROM generate_series(1, 1000000) n`)
	dbtest.Fill(t, b.db, "ANALYZE")
	if diff := cmp.Diff(before, signIn()); diff != "" {
		t.Errorf("with a million entries, the plans differ:\n%s", diff)
	}
	b.readsNoHistory()
}

// exec runs a statement.
func (b *bundle) exec(statement string) {
	b.t.Helper()
	if _, err := b.db.Exec(b.t.Context(), statement); err != nil {
		b.t.Fatal(err)
	}
}
