package db_test

import (
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// Clients keep the newest state of an account by updated_at. A transaction that began earlier and wrote later must not
// stamp an earlier time.
func TestUpdatedAtFollowsTheOrderOfChanges(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	if _, err := d.Exec(t.Context(), `INSERT INTO users (id, name, nickname, nickname_key, role, locale)
		VALUES (gen_random_uuid(), 'Ada', 'ada', 'ada', 'trainee', 'en')`); err != nil {
		t.Fatal(err)
	}
	rename := func(tx db.Tx, name string) (at time.Time) {
		t.Helper()
		if err := tx.QueryRow(t.Context(), "UPDATE users SET name = $1 RETURNING updated_at", name).Scan(&at); err != nil {
			t.Fatal(err)
		}
		return at
	}
	var changes []time.Time
	if err := d.InTx(t.Context(), func(early db.Tx) error {
		if err := d.InTx(t.Context(), func(late db.Tx) error {
			changes = append(changes, rename(late, "Countess"))
			return nil
		}); err != nil {
			return err
		}
		changes = append(changes, rename(early, "Ada Lovelace"), rename(early, "Lady Lovelace"))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < len(changes); i++ {
		if !changes[i].After(changes[i-1]) {
			t.Errorf("change %d is stamped %v, the one before it %v", i, changes[i], changes[i-1])
		}
	}
}
