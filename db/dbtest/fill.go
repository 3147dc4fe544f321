package dbtest

import (
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
)

// Fill runs a statement that writes or analyzes many rows. It has no statement timeout: how long the data of a test takes
// depends on what else the machine does, and proves nothing about the server.
func Fill(t testing.TB, d *db.DB, statement string, args ...any) {
	t.Helper()
	err := pgx.BeginFunc(t.Context(), d, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), "SET LOCAL statement_timeout = 0"); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), statement, args...)
		return err
	})
	if err != nil {
		t.Fatalf("fill the test's database: %v", err)
	}
}
