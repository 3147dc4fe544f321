package db_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

func TestInTx(t *testing.T) {
	t.Parallel()

	setup := func(t *testing.T) *db.DB {
		t.Helper()
		d := dbtest.New(t)
		if _, err := d.Exec(t.Context(), "CREATE TABLE notes (text text CONSTRAINT notes_once UNIQUE)"); err != nil {
			t.Fatal(err)
		}
		return d
	}
	count := func(t *testing.T, d *db.DB) (n int) {
		t.Helper()
		if err := d.QueryRow(context.Background(), "SELECT count(*) FROM notes").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	write := func(ctx context.Context, tx db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO notes VALUES ('one')")
		return err
	}

	t.Run("OK", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		err := d.InTx(t.Context(), func(tx db.Tx) error {
			if since := time.Since(tx.Now); since < -time.Minute || since > time.Minute {
				t.Errorf("the transaction's time is %v away", since)
			}
			return write(t.Context(), tx)
		})
		if err != nil || count(t, d) != 1 {
			t.Errorf("InTx = %v, %d rows", err, count(t, d))
		}
	})

	t.Run("ErrRollsBack", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		refused := errors.New("refused")
		err := d.InTx(t.Context(), func(tx db.Tx) error {
			if err := write(t.Context(), tx); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) || count(t, d) != 0 {
			t.Errorf("InTx = %v, %d rows", err, count(t, d))
		}
	})

	t.Run("ErrCallerWentAway", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		ctx, cancel := context.WithCancel(t.Context())
		err := d.InTx(ctx, func(tx db.Tx) error {
			defer cancel()
			return write(ctx, tx)
		})
		if err == nil || count(t, d) != 0 {
			t.Errorf("InTx = %v, %d rows", err, count(t, d))
		}
		// The connection went back without its transaction: the table can be locked.
		if _, err := d.Exec(t.Context(), "DROP TABLE notes"); err != nil {
			t.Error(err)
		}
	})

	t.Run("ErrPanicRollsBack", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		func() {
			defer func() { _ = recover() }()
			_ = d.InTx(t.Context(), func(tx db.Tx) error {
				if err := write(t.Context(), tx); err != nil {
					t.Error(err)
				}
				panic("defect")
			})
		}()
		if n := count(t, d); n != 0 {
			t.Errorf("%d rows", n)
		}
	})

	t.Run("ErrUniqueIsRecognised", func(t *testing.T) {
		t.Parallel()
		d := setup(t)
		var err error
		for range 2 {
			err = d.InTx(t.Context(), func(tx db.Tx) error { return write(t.Context(), tx) })
		}
		if got := db.ViolatedUnique(err); got != "notes_once" {
			t.Errorf("ViolatedUnique(%v) = %q", err, got)
		}
		if db.Unavailable(err) {
			t.Error("a refused row is taken for an outage")
		}
	})
}

func TestUnavailable(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	_, err := d.Exec(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
	if !db.Unavailable(err) {
		t.Errorf("a connection that the server ended is not recognised: %v", err)
	}
	if _, err := db.Open(t.Context(), db.Config{URL: "postgres://nobody@127.0.0.1:1/nothing"}); !db.Unavailable(err) {
		t.Errorf("a server that is not there is not recognised: %v", err)
	}
	if _, err := d.Exec(t.Context(), "SELECT 1/0"); db.Unavailable(err) {
		t.Errorf("a mistake in a statement is taken for an outage: %v", err)
	}
	if _, err := db.Open(t.Context(), db.Config{URL: "postgres://u:hunter2@[::1/x"}); err == nil || contains(err.Error(), "hunter2") {
		t.Errorf("a URL that cannot be read gives %v", err)
	}
}
