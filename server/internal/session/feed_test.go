package session_test

import (
	"runtime"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// The log has one line when it cannot be followed, and one when it can again.
func TestTheFeedComesBackByItself(t *testing.T) {
	t.Parallel()
	const lost, found = "WARN the log of revocations cannot be followed", "INFO the log of revocations is followed again"
	b := setup(t)
	proxy, url := dbtest.Before(t, b.url())
	r := b.replicaAt(t, db.Config{URL: db.URL(url), MaxConns: 4, Clock: b.clock.Now}, usual).awaitFresh(t)
	for n := 1; n <= 2; n++ {
		proxy.Swallow(dbtest.All)
		proxy.Cut(dbtest.All)
		r.log.awaits(t, n, lost)
		await(t, "memory is not relied on", func() bool { return !r.Fresh() })
		proxy.Pass()
		proxy.Cut(dbtest.All)
		r.log.awaits(t, n, found)
		r.awaitFresh(t)
	}
	if n := r.log.count(lost); n != 2 {
		t.Errorf("the log has %d lines about two losses", n)
	}
}

// A database that answers late keeps the caches fresh: no call waits for the distance.
func TestTheFeedIsFreshThoughTheDatabaseIsFarAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	proxy, url := dbtest.Before(t, b.url())
	proxy.Delay(270 * time.Millisecond)
	r := b.replicaAt(t, db.Config{URL: db.URL(url), MaxConns: 4, Clock: b.clock.Now}, usual).awaitFresh(t)
	again := time.NewTicker(10 * time.Millisecond)
	defer again.Stop()
	// A stall of the machine is not the distance's fault: fresh for long at a time is enough.
	await(t, "memory is fresh for two readings in a row", func() bool {
		for since := db.StartStopwatch(); since.Elapsed() < 2*session.ReadInterval; <-again.C {
			if !r.Fresh() {
				return false
			}
		}
		return true
	})
}

// While another transaction is open, the log is read from its beginning; users stay cached.
func TestALongTransactionDoesNotMakeReplicasForget(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.tracedReplica(t)
	access := b.guests(t, 1, []*replica{r})[0]
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		// Writes something, and so has a number.
		if _, err := tx.Exec(t.Context(), "SELECT pg_current_xact_id()"); err != nil {
			return err
		}
		b.exec(t, "UPDATE users SET name = 'Countess of Lovelace'")
		await(t, "the change is read", func() bool {
			user, err := r.Check(t.Context(), access)
			return err == nil && user.Name == "Countess of Lovelace"
		})
		await(t, "the user is remembered over readings", func() bool {
			for since := db.StartStopwatch(); since.Elapsed() < 2*session.ReadInterval; {
				ctx, n := counted(t.Context())
				if _, err := r.Check(ctx, access); err != nil || n.Load() > 0 {
					return false
				}
				runtime.Gosched()
			}
			return true
		})
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}
