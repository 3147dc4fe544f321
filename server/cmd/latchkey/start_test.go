//go:build linux || darwin

package main_test

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest/clustertest"
)

// A server either does all its work or ends: one that answers calls and sends no codes is worse than none.

// The feed of revocations, the job queue's listener and the pool need one connection each.
func TestStart_ErrTwoConnections(t *testing.T) {
	t.Parallel()
	cluster := migrated(t)
	cluster.Exec("CREATE ROLE app LOGIN SUPERUSER PASSWORD 'app'", "ALTER ROLE app NOSUPERUSER CONNECTION LIMIT 2", "GRANT pg_write_all_data, pg_read_all_data TO app")

	d := launchDev(t, dataDir(t), wait("1s"), "--database-url", cluster.As("app", "app"))

	d.failsWith("53300", "LATCHKEY_DATABASE_WAIT")
	if strings.Contains(d.output.String(), "is running") {
		t.Errorf("it says that it runs:\n%s", d.output)
	}
}

// Which connections a start needs at once, chance decides. Whatever it is refused, the server works or ends.
func TestStart_WithTooFewConnectionsItWorksOrEnds(t *testing.T) {
	t.Parallel()
	cluster := migrated(t)
	cluster.Exec("CREATE ROLE app LOGIN PASSWORD 'app' CONNECTION LIMIT 3", "GRANT pg_write_all_data, pg_read_all_data TO app")
	data := dataDir(t)
	works, ends := 0, 0
	for n := range 6 {
		// Long enough that a busy machine does not end the start, but the refusal of Postgres.
		d := launchDev(t, data, wait("3s"), "--database-url", cluster.As("app", "app"))
		if d.startsOrEnds() {
			d.signUpAs(fmt.Sprintf("ada%d@example.com", n), fmt.Sprintf("ada%d", n))
			works++
			d.terminates(0)
		} else {
			ends++
			d.failsWith("53300")
		}
		// Postgres still has the sessions of a program that has ended for a moment.
		cluster.Await("the sessions have ended", "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE usename = 'app')")
	}
	t.Logf("of 6 starts, %d work and %d end", works, ends)
}

// Postgres has free connections again before the start gives up.
func TestStart_WaitsForAConnection(t *testing.T) {
	t.Parallel()
	cluster := migrated(t, "max_connections=8", "superuser_reserved_connections=3", "max_wal_senders=0")
	cluster.Exec("CREATE ROLE app LOGIN PASSWORD 'app'", "GRANT pg_write_all_data, pg_read_all_data TO app")
	url := cluster.As("app", "app")
	var greedy []*pgx.Conn
	for {
		conn, err := pgx.Connect(t.Context(), url)
		if err != nil {
			break
		}
		greedy = append(greedy, conn)
	}
	d := launchDev(t, dataDir(t), wait("30s"), "--database-url", url)
	d.awaitLineWith("the start waits for it")
	for _, conn := range greedy {
		_ = conn.Close(context.Background())
	}

	d.awaitStart()

	d.signUp("ada@example.com")
	if n := strings.Count(d.output.String(), "the start waits for it"); n != 1 {
		t.Errorf("the log tells %d times that the start waits", n)
	}
}

func TestStart_ErrReadOnlyDatabase(t *testing.T) {
	t.Parallel()
	t.Run("Primary", func(t *testing.T) {
		t.Parallel()
		cluster := migrated(t)
		cluster.Exec("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
		cluster.Await("new sessions are read-only", "SELECT current_setting('default_transaction_read_only') = 'on'")

		d := launchDev(t, dataDir(t), wait("5s"), "--database-url", cluster.URL)

		d.failsWith("25006", "LATCHKEY_DATABASE_WAIT")
	})
	t.Run("StandbyThatIsPromotedMeanwhile", func(t *testing.T) {
		t.Parallel()
		cluster := migrated(t)
		data := dataDir(t)
		// The keys in the database are those of the data directory's secret.
		first := launchDev(t, data, nil, "--database-url", cluster.URL)
		first.awaitStart()
		first.terminates(0)
		standby := cluster.Standby()

		d := launchDev(t, data, wait("30s"), "--database-url", standby.URL)
		d.awaitLineWith("the start waits for it")
		cluster.Stop()
		standby.Promote()
		d.awaitStart()

		d.signUp("ada@example.com")
	})
}

// Postgres restarts while the server starts, at one moment after the other.
func TestStart_WhilePostgresRestarts(t *testing.T) {
	t.Parallel()
	cluster := migrated(t)
	data := dataDir(t)
	for n := range 5 {
		d := launchDev(t, data, wait("30s"), "--database-url", cluster.URL)
		<-time.After(time.Duration(n) * 60 * time.Millisecond)
		cluster.Restart()
		d.awaitStart()
		d.signUpAs(fmt.Sprintf("ada%d@example.com", n), fmt.Sprintf("ada%d", n))
		d.terminates(0)
	}
}

func TestStart_WaitsForADatabaseThatIsDown(t *testing.T) {
	t.Parallel()
	cluster := migrated(t)
	cluster.Stop()
	d := launchDev(t, dataDir(t), wait("30s"), "--database-url", cluster.URL)
	d.awaitLineWith("the start waits for it")

	cluster.Start()
	d.awaitStart()

	d.signUp("ada@example.com")
}

func TestStart_ErrDatabaseStaysDown(t *testing.T) {
	t.Parallel()
	d := launchDev(t, dataDir(t), wait("1s"), "--database-url", "postgres://latchkey:hunter2@127.0.0.1:"+strconv.Itoa(closedPort(t))+"/latchkey")

	d.failsWith("LATCHKEY_DATABASE_WAIT", "refused")

	text := d.output.String()
	if strings.Contains(text, "hunter2") || strings.Count(text, "the start waits for it") != 1 {
		t.Errorf("it says:\n%s", text)
	}
}

func TestStart_EndsAtOnceWhileItWaits(t *testing.T) {
	t.Parallel()
	d := launchDev(t, dataDir(t), wait("60s"), "--database-url", "postgres://latchkey@127.0.0.1:"+strconv.Itoa(closedPort(t))+"/latchkey")
	d.awaitLineWith("the start waits for it")

	if took := d.terminates(0); took > 30*time.Second {
		t.Errorf("it ends after %v", took)
	}
}

// Waiting does not mend settings.
func TestStart_ErrSettingsOfTheDatabaseAreReportedTogether(t *testing.T) {
	t.Parallel()
	cluster := clustertest.New(t)
	for name, c := range map[string]struct{ url, says string }{
		"Password": {cluster.As("latchkey", "wrong"), "28P01"},
		"Database": {strings.Replace(cluster.URL, "/latchkey?", "/nothing?", 1), "3D000"},
		"TLS":      {strings.Replace(cluster.URL, "sslmode=disable", "sslmode=require", 1), "TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := launchDev(t, dataDir(t), wait("60s"), "--database-url", c.url)
			d.failsWith(c.says)
			if strings.Contains(d.output.String(), "the start waits for it") {
				t.Errorf("it waits:\n%s", d.output)
			}
		})
	}
}

// A name may come to be known a moment later, where containers start together.
func TestStart_ErrUnknownHost(t *testing.T) {
	t.Parallel()
	d := launchDev(t, dataDir(t), wait("500ms"), "--database-url", "postgres://latchkey@database.invalid/latchkey")

	d.failsWith("database.invalid", "LATCHKEY_DATABASE_WAIT")
}

// A replica takes the connections that docs/operations.md counts: the pool's, and two beside it. It works with the smallest pool.
func TestStart_TakesTheConnectionsOfItsPoolAndTwo(t *testing.T) {
	t.Parallel()
	cluster := migrated(t)
	const pool, beside = 2, 2
	d := launchDev(t, dataDir(t), []string{fmt.Sprint("LATCHKEY_DATABASE_MAX_CONNS=", pool)}, "--database-url", cluster.URL)
	d.awaitStart()
	d.signUp("ada@example.com")

	statuses := make(chan int, 20)
	for range cap(statuses) {
		go func() {
			statuses <- d.status("AuthService/SignIn", `{"email":"ada@example.com","password":"Correct-horse1"}`)
		}()
	}
	for range cap(statuses) {
		if status := <-statuses; status != http.StatusOK && status != http.StatusTooManyRequests {
			t.Errorf("a sign-in is answered with %d", status)
		}
	}

	var connections int
	if _, err := fmt.Sscan(cluster.Query(`SELECT count(*)::text FROM pg_stat_activity
		WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()`), &connections); err != nil {
		t.Fatal(err)
	}
	if connections > pool+beside || connections < 1+beside {
		t.Errorf("it takes %d connections, want up to %d", connections, pool+beside)
	}
	d.terminates(0)
}

// migrated is a cluster with our schema.
func migrated(t *testing.T, settings ...string) *clustertest.Cluster {
	t.Helper()
	cluster := clustertest.New(t, settings...)
	if _, err := db.Migrate(t.Context(), cluster.URL, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	return cluster
}

func wait(limit string) []string { return []string{"LATCHKEY_DATABASE_WAIT=" + limit} }

// closedPort is a port on which nothing listens.
func closedPort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port
}

// failsWith waits for the end, which must be a failure whose message contains all of these.
func (d *dev) failsWith(words ...string) {
	d.t.Helper()
	if err := d.awaitEnd(); err == nil {
		d.t.Errorf("it ends with success:\n%s", d.output)
	}
	text := d.output.String()
	for _, word := range words {
		if !strings.Contains(text, word) {
			d.t.Errorf("it does not tell %q:\n%s", word, text)
		}
	}
}

// startsOrEnds waits for one of the two, and reports whether it has started.
func (d *dev) startsOrEnds() bool {
	d.t.Helper()
	timeout := time.NewTimer(startLimit)
	defer timeout.Stop()
	for {
		line, more := d.output.find(func(line string) bool { return strings.HasPrefix(line, "  Page") })
		if line != "" {
			d.awaitStart()
			return true
		}
		select {
		case <-more:
		case <-d.ended:
			return false
		case <-timeout.C:
			d.t.Fatalf("latchkey dev neither starts nor ends:\n%s", d.output)
		}
	}
}

// terminates sends SIGTERM, waits for the end, and returns how long that took.
func (d *dev) terminates(code int) time.Duration {
	d.t.Helper()
	began := time.Now()
	if err := d.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	_ = d.awaitEnd()
	if got := d.cmd.ProcessState.ExitCode(); got != code {
		d.t.Errorf("after SIGTERM it ends with %d, want %d:\n%s", got, code, d.output)
	}
	return time.Since(began)
}
