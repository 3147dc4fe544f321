package session_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// promise is how long a revoked token can be worth something, whatever happens.
const promise = time.Second

// outlives measures how long a replica accepts a token after its session has ended. If a call that begins later than promised is
// accepted, the test fails, however busy the machine is.
func (r *replica) outlives(t testing.TB, access token.Access, revoked db.Stopwatch) time.Duration {
	t.Helper()
	again := time.NewTicker(500 * time.Microsecond)
	defer again.Stop()
	for {
		begins := revoked.Elapsed()
		if !r.lets(t, access, sessionRevoked) {
			return begins
		}
		if begins > promise {
			t.Errorf("a call is let in that begins %v after the end of its session", begins)
			return begins
		}
		<-again.C
	}
}

// rank returns the duration that a share of all does not exceed.
func rank(all []time.Duration, share float64) time.Duration {
	slices.Sort(all)
	return all[int(share*float64(len(all)-1))]
}

// All of them are signed in at all replicas, and remembered there.
func (b *bundle) guests(t testing.TB, n int, replicas []*replica) []token.Access {
	t.Helper()
	guests := make([]token.Access, n)
	for i := range guests {
		guests[i] = b.readAccess(t, b.signIn(t, replicas[0].Service, b.user, session.Client{}))
		for _, r := range replicas {
			if !r.lets(t, guests[i]) {
				t.Fatal("a good token is refused")
			}
		}
	}
	return guests
}

// The numbers of issue 4: a 99th percentile of 200 ms on a healthy network. A machine that is busy with other tests gets a second
// and a third try; the promise of a second holds in each of them.
func TestSE02_RevocationsReachEveryReplicaAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	replicas := []*replica{b.replica(t, usual), b.replica(t, usual), b.replica(t, usual)}
	for _, r := range replicas {
		r.awaitFresh(t)
	}
	for try := 1; ; try++ {
		var took []time.Duration
		for i, access := range b.guests(t, 100, replicas) {
			at := i % len(replicas)
			replicas[at].end(t, access)
			revoked := db.StartStopwatch()
			if replicas[at].lets(t, access, sessionRevoked) {
				t.Error("the replica that ended the session lets it in")
			}
			delays := make([]time.Duration, len(replicas))
			var all sync.WaitGroup
			for i, r := range replicas {
				all.Go(func() { delays[i] = r.outlives(t, access, revoked) })
			}
			all.Wait()
			took = append(took, slices.Delete(delays, at, at+1)...)
		}
		median, p99, worst := rank(took, 0.5), rank(took, 0.99), rank(took, 1)
		t.Logf("revoked on other replicas after: median %v, p99 %v, worst %v", median, p99, worst)
		if p99 < 200*time.Millisecond {
			return
		}
		if try == 3 {
			t.Fatalf("the 99th percentile is %v", p99)
		}
	}
}

// What happens to the connection over which a replica follows the log.
func TestSE02_RevocationsArriveWithinASecondWhateverHappensToTheFeed(t *testing.T) {
	t.Parallel()
	for name, happens := range map[string]func(p *dbtest.Proxy){
		"a black hole":                 func(p *dbtest.Proxy) { p.Swallow(dbtest.Listening) },
		"a black hole for a moment":    func(p *dbtest.Proxy) { p.Swallow(dbtest.Listening); p.Pass() },
		"cut":                          func(p *dbtest.Proxy) { p.Cut(dbtest.Listening) },
		"everything is far away":       func(p *dbtest.Proxy) { p.Delay(150 * time.Millisecond) },
		"far away, and a black hole":   func(p *dbtest.Proxy) { p.Delay(100 * time.Millisecond); p.Swallow(dbtest.Listening) },
		"everything is lost, then not": func(p *dbtest.Proxy) { p.Swallow(dbtest.All); p.Pass(); p.Cut(dbtest.All) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			near := b.replica(t, usual).awaitFresh(t)
			proxy, url := dbtest.Before(t, b.url())
			far := b.replicaAt(t, db.Config{URL: db.URL(url), MaxConns: 4, Clock: b.clock.Now}, usual).awaitFresh(t)
			guests := b.guests(t, 12, []*replica{near, far})
			happens(proxy)
			// One after the other, so that sessions end at any point of the replica's work.
			var took []time.Duration
			for _, access := range guests {
				near.end(t, access)
				took = append(took, far.outlives(t, access, db.StartStopwatch()))
			}
			t.Logf("worst %v", rank(took, 1))
		})
	}
}

// A replica that cannot ask its database admits no user, and answers soon.
func TestSE02_AReplicaWithoutItsDatabaseAdmitsNoUser(t *testing.T) {
	t.Parallel()
	b := setup(t)
	near := b.replica(t, usual).awaitFresh(t)
	proxy, url := dbtest.Before(t, b.url())
	far := b.replicaAt(t, db.Config{URL: db.URL(url), MaxConns: 4, Clock: b.clock.Now}, usual).awaitFresh(t)
	guests := b.guests(t, 2, []*replica{near, far})
	revoked, stays := guests[0], guests[1]
	proxy.Swallow(dbtest.All)
	near.end(t, revoked)
	since := db.StartStopwatch()
	await(t, "the replica knows that it knows nothing", func() bool { return !far.Fresh() })
	var calls sync.WaitGroup
	for _, access := range guests {
		calls.Go(func() {
			begins := since.Elapsed()
			if _, err := far.Check(t.Context(), access); !db.Unavailable(err) {
				t.Errorf("%v later: %v", begins, err)
			}
		})
	}
	calls.Wait()
	if took := since.Elapsed(); took > patience {
		t.Errorf("calls without a database took %v", took)
	}
	proxy.Pass()
	proxy.Cut(dbtest.All)
	far.awaitFresh(t)
	if far.lets(t, revoked, sessionRevoked) || !far.lets(t, stays) {
		t.Error("once the database is back, the replica is wrong about who may come in")
	}
}

// After a restart, only the database knows anything.
func TestSE09_ARestartRevivesNoSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.replica(t, usual).awaitFresh(t)
	guests := b.guests(t, 2, []*replica{before})
	revoked, stays := guests[0], guests[1]
	before.end(t, revoked)
	before.stop()
	// From the first call, whether the log was read by then or not.
	after := b.replica(t, usual)
	for asked := 0; asked < 100 || !after.Fresh(); asked++ {
		if after.lets(t, revoked, sessionRevoked) {
			t.Fatal("the revoked token is let in after a restart")
		}
	}
	if !after.lets(t, stays) {
		t.Error("the other one is refused")
	}
	// And if no replica follows the log.
	silent := &replica{Service: b.service(t, usual)}
	if silent.lets(t, revoked, sessionRevoked) || !silent.lets(t, stays) {
		t.Error("a replica that follows nothing is wrong about who may come in")
	}
}

// A transaction that ends a session and takes long to commit: others that began later are read about before it.
func TestSE09_NoCommitIsTooLateToBeRead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	replicas := []*replica{b.replica(t, usual).awaitFresh(t), b.replica(t, usual).awaitFresh(t)}
	guests := b.guests(t, 20, replicas)
	late, others := guests[0], guests[1:]
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		if _, err := tx.Exec(t.Context(), "DELETE FROM sessions WHERE id = $1", uuid.UUID(late.Session)); err != nil {
			return err
		}
		for _, access := range others {
			replicas[0].end(t, access)
			replicas[1].outlives(t, access, db.StartStopwatch())
		}
		if !replicas[1].lets(t, late) {
			t.Error("a session is refused that has not ended yet")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	committed := db.StartStopwatch()
	for _, r := range replicas {
		r.outlives(t, late, committed)
	}
}

// An operator signs all users out, in the quickest way that SQL has.
func TestSE09_TruncatingEndsSessionsToo(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"the sessions": "TRUNCATE sessions CASCADE",
		"the users":    "TRUNCATE users CASCADE",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			r := b.replica(t, usual).awaitFresh(t)
			guests := b.guests(t, 3, []*replica{r})
			b.exec(t, statement)
			truncated := db.StartStopwatch()
			for _, access := range guests {
				r.outlives(t, access, truncated)
			}
		})
	}
}
