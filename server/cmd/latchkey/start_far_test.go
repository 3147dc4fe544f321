//go:build linux || darwin

package main_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3/lock"

	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// Whichever step meets a Postgres that accepts connections and answers nothing, the start ends when the wait is over. A start
// on a migrated database connects in this order: the schema's version, the pool, the log of revocations, the job queue.
func TestStart_ErrHungDatabaseEndsTheStartAfterTheWait(t *testing.T) {
	t.Parallel()
	// Without the limit, a connection would be given up after ten seconds at the earliest.
	const limit, tolerance = 2 * time.Second, 7 * time.Second
	for n := 1; n <= 4; n++ {
		t.Run(fmt.Sprintf("FromConnection%d", n), func(t *testing.T) {
			t.Parallel()
			proxy, url := dbtest.Before(t, dbtest.URL(t))
			proxy.Swallow(dbtest.Numbered(n, math.MaxInt))

			d := launchDev(t, dataDir(t), wait(limit.String()), "--database-url", url)
			d.failsWith("LATCHKEY_DATABASE_WAIT")

			took := time.Since(d.began)
			if code := d.cmd.ProcessState.ExitCode(); code != 1 || took < limit || took > limit+tolerance {
				t.Errorf("it ends with %d after %v, want 1 after %v:\n%s", code, took, limit, d.output)
			}
			t.Logf("it ends after %v", took)
		})
	}
}

// A database with a latency of half a second is healthy: no step gives up.
func TestStart_HalfASecondFromTheDatabase(t *testing.T) {
	t.Parallel()
	proxy, url := dbtest.Before(t, dbtest.URL(t))
	proxy.Delay(500 * time.Millisecond)

	d := startDev(t, dataDir(t), "--database-url", url)

	if text := d.output.String(); strings.Contains(text, "the start waits for it") {
		t.Errorf("it waits:\n%s", text)
	}
	t.Logf("it starts within %v", d.took)
}

// A replica migrates for as long as it needs, and the others wait for its lock.
func TestStart_TheWaitCancelsNoMigration(t *testing.T) {
	t.Parallel()
	const limit = 3 * time.Second
	url := dbtest.EmptyURL(t)
	other, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close(context.WithoutCancel(t.Context())) }()
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_lock($1)", lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}

	d := launchDev(t, dataDir(t), wait(limit.String()), "--database-url", url)
	select {
	case <-d.ended:
		t.Fatalf("it ends with %v:\n%s", d.err, d.output)
	case <-time.After(2 * limit):
	}
	if _, err := other.Exec(t.Context(), "SELECT pg_advisory_unlock($1)", lock.DefaultLockID); err != nil {
		t.Fatal(err)
	}
	d.awaitStart()
}
