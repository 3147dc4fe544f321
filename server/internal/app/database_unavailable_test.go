//go:build linux || darwin

package app_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"
	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/dbtest/clustertest"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
)

// innards are words that a response must not contain (OWASP ASVS 5.0 16.5.1).
var innards = []string{"SQLSTATE", "postgres", "pgx", "FATAL", "127.0.0.1", "relation", "disk", "memory", "read-only"}

// refusedAsDown requires a response that says to try again later, and reveals no internal detail.
func refusedAsDown(t *testing.T, what string, err error) {
	t.Helper()
	var answer *connect.Error
	detail := latchkeytest.Detail(err)
	if !errors.As(err, &answer) || answer.Code() != connect.CodeUnavailable || detail.GetReason() != latchkeyv1.Reason_REASON_DEPENDENCY_DOWN ||
		detail.GetRetryAfter().AsDuration() <= 0 {
		t.Errorf("%s: the answer is %v", what, err)
		return
	}
	for _, word := range innards {
		if strings.Contains(err.Error()+detail.String(), word) {
			t.Errorf("%s: the response reveals %q: %v", what, word, err)
		}
	}
}

// Whatever Postgres answers while it is unavailable, callers get the reason to try again.
func TestLG03_EveryStateOfADatabaseThatCannotServeIsUnavailable(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	raise := func(code string) {
		t.Helper()
		if _, err := env.DB.Exec(t.Context(), `CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
			BEGIN
				RAISE EXCEPTION 'no space left for relation on 127.0.0.1' USING ERRCODE = '`+code+`';
			END $$`); err != nil {
			t.Fatal(err)
		}
	}
	raise("58030")
	if _, err := env.DB.Exec(t.Context(), "CREATE TRIGGER fail BEFORE INSERT ON sessions FOR EACH ROW EXECUTE FUNCTION fail()"); err != nil {
		t.Fatal(err)
	}
	for code, what := range map[string]string{
		"08006": "connection failure", "08P01": "protocol violation", "25006": "read-only", "25P03": "idle in a transaction",
		"25P04": "transaction time-out", "40001": "serialization failure", "40P01": "deadlock", "53000": "resources",
		"53100": "disk full", "53200": "out of memory", "53300": "connections", "53400": "a limit of the configuration",
		"55P03": "lock time-out", "57000": "intervention", "57014": "cancelled", "57P05": "idle session", "58000": "system error",
		"58030": "input or output", "58P01": "file missing",
	} {
		raise(code)
		_, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: ada.Email}, Password: ada.Password,
		})
		refusedAsDown(t, code+" "+what, err)
	}
	for _, code := range []string{"22012", "42883", "XX000"} {
		raise(code)
		ada.SignsInFails(ada.Password, latchkeyv1.Reason_REASON_INTERNAL)
	}
}

func TestLG03_AReadOnlyPrimaryIsUnavailable(t *testing.T) {
	t.Parallel()
	cluster, env := onCluster(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()

	cluster.Exec("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
	cluster.Await("new sessions are read-only", "SELECT current_setting('default_transaction_read_only') = 'on'")

	// Sessions that exist notice it a moment later.
	_, err := signInUntilRefused(t, env, ada)
	refusedAsDown(t, "read-only", err)
	if status := ready(t, env); status != http.StatusServiceUnavailable {
		t.Errorf("/readyz answers %d", status)
	}
	ada.SeesProfile()

	cluster.Exec("SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()")
	await(t, "it takes writes again", func() bool { return ready(t, env) == http.StatusOK })
	ada.SignsIn()
}

func TestLG03_AStatementThatRunsOutOfTimeIsUnavailable(t *testing.T) {
	t.Parallel()
	cluster, env := onCluster(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	cluster.Exec("ALTER SYSTEM SET lock_timeout = '200ms'", "SELECT pg_reload_conf()")
	holder, err := env.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := holder.Exec(t.Context(), "LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}

	_, err = signInUntilRefused(t, env, ada)

	refusedAsDown(t, "lock_timeout", err)
}

// An operator cancels a statement, which has the same error as statement_timeout.
func TestLG03_ACancelledStatementIsUnavailable(t *testing.T) {
	t.Parallel()
	env := latchkeytest.New(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	holder, err := env.DB.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback(context.WithoutCancel(t.Context())) }()
	if _, err := holder.Exec(t.Context(), "LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE"); err != nil {
		t.Fatal(err)
	}
	answered := make(chan error, 1)
	go func() {
		_, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: ada.Email}, Password: ada.Password,
		})
		answered <- err
	}()
	env.AwaitWaiters(1)
	if _, err := env.DB.Exec(t.Context(), `SELECT pg_cancel_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND wait_event_type = 'Lock'`); err != nil {
		t.Fatal(err)
	}
	refusedAsDown(t, "cancelled", <-answered)
}

// A session with too many locks uses up the memory that all sessions share.
func TestLG03_PostgresWithoutMemoryIsUnavailable(t *testing.T) {
	t.Parallel()
	cluster, env := onCluster(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	greedy, err := pgx.Connect(t.Context(), cluster.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = greedy.Close(context.WithoutCancel(t.Context())) }()
	if _, err := greedy.Exec(t.Context(), "SELECT pg_advisory_lock(n) FROM generate_series(1, 1000000) AS n"); err == nil || !strings.Contains(err.Error(), "53200") {
		t.Fatalf("to take all memory ends with %v", err)
	}

	_, err = signInUntilRefused(t, env, ada)

	refusedAsDown(t, "out of memory", err)
}

// A full disk refuses rows, and then ends Postgres, which cannot write its WAL. Meanwhile, callers get the reason to try again.
// It serves again once there is space.
func TestLG03_AFullDiskIsUnavailable(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can mount a small disk")
	}
	cluster := clustertest.NewOnSmallDisk(t, 200<<20)
	env := envOn(t, cluster)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	free := cluster.FillDisk()

	_, err := signInUntilRefused(t, env, ada)
	refusedAsDown(t, "disk full", err)

	free()
	if !cluster.Alive() {
		cluster.Kill()
		cluster.Start()
	}
	await(t, "sign-in works again", func() bool {
		_, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: ada.Email}, Password: ada.Password,
		})
		return err == nil
	})
}

// signInUntilRefused signs in until that fails.
func signInUntilRefused(t *testing.T, env *latchkeytest.Env, who *latchkeytest.Person) (*latchkeyv1.SignInResponse, error) {
	t.Helper()
	deadline := time.NewTimer(time.Minute)
	defer deadline.Stop()
	for {
		answer, err := env.Auth.SignIn(t.Context(), &latchkeyv1.SignInRequest{
			Identifier: &latchkeyv1.SignInRequest_Email{Email: who.Email}, Password: who.Password,
		})
		if err != nil {
			return answer, err
		}
		select {
		case <-deadline.C:
			t.Fatal("nothing is refused")
		default:
		}
	}
}

func ready(t *testing.T, env *latchkeytest.Env) int {
	t.Helper()
	response, err := env.HTTP.Get(env.URL + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	return response.StatusCode
}
