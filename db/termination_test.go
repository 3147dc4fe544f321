package db_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// Connections are terminated at every moment of a write, the commit included. No write takes effect twice, and none that was
// acknowledged is missing.
func TestTerminationsRepeatNoWrite(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(url), MaxConns: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	if _, err := d.Exec(t.Context(), "CREATE TABLE notes (text text)"); err != nil {
		t.Fatal(err)
	}
	aside, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = aside.Close(t.Context()) }()
	var (
		writers           sync.WaitGroup
		stopped           atomic.Bool
		acked, failed, mu = map[string]bool{}, atomic.Int64{}, sync.Mutex{}
	)
	for w := range 8 {
		writers.Go(func() {
			for n := 0; !stopped.Load(); n++ {
				text := fmt.Sprintf("%d.%d", w, n)
				var err error
				if w%2 == 0 {
					_, err = d.Exec(t.Context(), insert, text)
				} else {
					err = d.InTx(t.Context(), func(tx db.Tx) error {
						_, err := tx.Exec(t.Context(), insert, text)
						return err
					})
				}
				if err != nil {
					failed.Add(1)
					continue
				}
				mu.Lock()
				acked[text] = true
				mu.Unlock()
			}
		})
	}
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		if _, err := aside.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
			WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid() AND random() < 0.5`); err != nil {
			t.Fatal(err)
		}
		<-time.After(3 * time.Millisecond)
	}
	stopped.Store(true)
	writers.Wait()
	rows, err := aside.Query(t.Context(), "SELECT text, count(*) FROM notes GROUP BY text")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	var (
		text  string
		times int
	)
	if _, err := pgx.ForEachRow(rows, []any{&text, &times}, func() error {
		there[text] = true
		if times != 1 {
			t.Errorf("%s was written %d times", text, times)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for text := range acked {
		if !there[text] {
			t.Errorf("%s is missing", text)
		}
	}
	t.Logf("%d writes are acknowledged, %d failed", len(acked), failed.Load())
}
