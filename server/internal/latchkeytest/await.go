package latchkeytest

import (
	"net"
	"strings"
	"time"
)

// Stop tells the server to stop, as SIGTERM does, and gives what Run returns.
func (e *Env) Stop() <-chan error { return e.stop() }

// poll is how often something is looked at that nothing announces.
const poll = 5 * time.Millisecond

// AwaitRefusal waits until the server takes no new connections.
func (e *Env) AwaitRefusal() {
	e.T.Helper()
	e.await("the server takes no new connections", func() bool {
		conn, err := net.DialTimeout("tcp", strings.TrimPrefix(e.URL, "http://"), time.Second)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
}

// AwaitWaiters waits until n statements on the test's database wait for a lock.
func (e *Env) AwaitWaiters(n int) {
	e.T.Helper()
	e.await("statements wait for a lock", func() bool {
		var waiting int
		err := e.DB.QueryRow(e.T.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock'`).Scan(&waiting)
		if err != nil {
			e.T.Fatal(err)
		}
		return waiting >= n
	})
}

func (e *Env) await(what string, reached func() bool) {
	e.T.Helper()
	timeout := time.NewTimer(arrival)
	defer timeout.Stop()
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for !reached() {
		select {
		case <-ticker.C:
		case <-timeout.C:
			e.T.Fatalf("after %v it is not so that %s", arrival, what)
		}
	}
}
