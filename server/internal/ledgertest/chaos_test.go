//go:build linux || darwin

package ledgertest_test

import (
	"context"
	"net/http"
	"os"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/dbtest/clustertest"
)

// The short form: the server is killed twice, and Postgres once.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	t.Parallel()
	cluster := clustertest.New(t)
	w := newWorld(t, cluster.URL)
	people := w.arrive(t, 6)

	w.awaitWork(t, 2)
	w.killServer()
	w.awaitWork(t, 2)
	killPostgres(cluster)
	w.awaitWork(t, 2)
	w.killServer()
	w.awaitWork(t, 2)
	people.leave()

	t.Log("\n" + w.compare(t, cluster.URL))
}

// longForm names the environment variable that asks for the long form.
const longForm = "LATCHKEY_CHAOS"

// The long form: 8 kills of the server, 2 of Postgres, a full disk, and a failover to a synchronous standby.
func TestNothingAcknowledgedIsLostInTheLongRun(t *testing.T) {
	t.Parallel()
	if os.Getenv(longForm) == "" {
		t.Skip("make chaos runs it")
	}
	var cluster *clustertest.Cluster
	small := os.Geteuid() == 0 && runtime.GOOS == "linux"
	if small {
		cluster = clustertest.NewOnSmallDisk(t, 400<<20, "wal_retrieve_retry_interval=200ms")
	} else {
		cluster = clustertest.New(t, "wal_retrieve_retry_interval=200ms")
	}
	standby := cluster.Standby()
	w := newWorld(t, cluster.URLWith(standby))
	people := w.arrive(t, 8)

	for range 2 {
		for range 4 {
			w.awaitWork(t, 20)
			w.killServer()
		}
		w.awaitWork(t, 20)
		killPostgres(cluster)
	}
	w.awaitWork(t, 20)
	if small {
		fullDisk(t, cluster)
		w.awaitWork(t, 20)
	} else {
		t.Log("only root on Linux can mount a small disk: that part is left out")
	}
	cluster.Kill()
	standby.Promote()
	w.awaitWork(t, 50)
	people.leave()
	awaitNoCodes(t, standby.URL)

	t.Log("\n" + w.compare(t, standby.URL))
}

func newWorld(t *testing.T, database string) *world {
	t.Helper()
	p := newProvider(t)
	s := newServer(
		t, database,
		"LATCHKEY_SIGN_UP_PHONE=verified", "LATCHKEY_SIGN_UP_EMAIL=off", "LATCHKEY_RATE_LIMITS=off",
		"LATCHKEY_SMS_PROVIDER=http", "LATCHKEY_SMS_FROM=0212345678", "LATCHKEY_SMS_HTTP_URL="+p.url,
	)
	s.start()
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	return &world{server: s, provider: p, ledger: newLedger(), client: client}
}

// people are the users of the server until they leave.
type people struct {
	leaving context.CancelFunc
	at      sync.WaitGroup
}

func (w *world) arrive(t *testing.T, n int) *people {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	p := &people{leaving: cancel}
	t.Cleanup(p.leave)
	for who := range n {
		p.at.Go(func() { w.live(ctx, who) })
	}
	return p
}

// leave waits until the last call is answered.
func (p *people) leave() {
	p.leaving()
	p.at.Wait()
}

func (w *world) killServer() {
	w.server.kill()
	w.server.start()
}

func killPostgres(cluster *clustertest.Cluster) {
	cluster.Kill()
	cluster.Start()
}

// fullDisk leaves Postgres without disk space for some time. Postgres may end because of it, and is then started again.
func fullDisk(t *testing.T, cluster *clustertest.Cluster) {
	t.Helper()
	free := cluster.FillDisk()
	<-time.After(3 * time.Second) // people meet with it
	free()
	if !cluster.Alive() {
		cluster.Kill()
		cluster.Start()
	}
}

// awaitWork waits until n more sign-ups and sign-outs were acknowledged: the server works again, whatever has happened to it.
func (w *world) awaitWork(t *testing.T, n int) {
	t.Helper()
	_, signUps, _, signOuts := w.ledger.acknowledged()
	deadline := time.NewTimer(2 * time.Minute)
	defer deadline.Stop()
	for {
		_, nowUp, _, nowOut := w.ledger.acknowledged()
		if nowUp >= signUps+n && nowOut >= signOuts+n {
			return
		}
		select {
		case <-deadline.C:
			t.Fatalf("%d people have signed up and %d out, want %d:\n%s", nowUp-signUps, nowOut-signOuts, n, &w.server.log)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// awaitNoCodes waits until every code was sent. The codes of a killed server take up to a minute.
func awaitNoCodes(t *testing.T, database string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	for deadline := time.Now().Add(3 * time.Minute); ; <-time.After(100 * time.Millisecond) {
		var open int
		if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM river_job WHERE kind = 'send_code' AND finalized_at IS NULL").Scan(&open); err != nil {
			t.Fatal(err)
		}
		if open == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d codes are still on their way", open)
		}
	}
}
