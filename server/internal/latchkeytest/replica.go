package latchkeytest

import (
	"testing"

	"github.com/latchkey-auth/latchkey/db"
)

// Replica starts another server on the same database and with the same clock. The servers share nothing else. Each of them
// delivers some of the messages, and keeps those in its own outbox.
func (e *Env) Replica(options ...Option) *Env {
	e.T.Helper()
	return e.ReplicaAt(e.DB.Config().ConnString(), options...)
}

// ReplicaAt starts a replica that connects to the database by another URL.
func (e *Env) ReplicaAt(database string, options ...Option) *Env {
	e.T.Helper()
	other := Open(e.T, db.Config{URL: db.URL(database), MaxConns: 10, Clock: e.Clock.Now})
	replica := New(e.T, append(append(e.options, options...), OnDB(other))...)
	replica.Clock = e.Clock
	return replica
}

// Open connects to a database until the test ends.
func Open(t testing.TB, cfg db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("open the test's database: %v", err)
	}
	t.Cleanup(d.Close)
	return d
}

// At returns the same person, calling another replica.
func (p *Person) At(replica *Env) *Person {
	there := *p
	there.env = replica
	return &there
}
