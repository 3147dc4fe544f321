package db_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// Whenever the network takes a connection away, the database was not there for the call; nothing is wrong with the server.
func TestALostConnectionIsADatabaseThatIsAway(t *testing.T) {
	t.Parallel()
	proxy, url := dbtest.Before(t, dbtest.URL(t))
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(url), MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	for range 20 {
		conn, err := d.Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), "SELECT 1"); err != nil {
			t.Fatal(err)
		}
		// Before the next question, or while it is on its way.
		proxy.Cut(dbtest.All)
		if _, err := conn.Exec(t.Context(), "SELECT 2"); err == nil || !db.Unavailable(err) {
			t.Errorf("a statement on a lost connection: %v", err)
		}
		if _, err := conn.Exec(t.Context(), "SELECT 3"); err == nil || !db.Unavailable(err) {
			t.Errorf("and another one: %v", err)
		}
		conn.Release()
	}
}
