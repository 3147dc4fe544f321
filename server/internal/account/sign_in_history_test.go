package account_test

import "github.com/latchkey-auth/latchkey/db"

// readsNoHistory signs in with good and bad passwords, and fails the test when any of that reads an entry.
func (b *bundle) readsNoHistory() {
	b.t.Helper()
	before := b.readsOfActivity()
	for _, password := range []string{goodPassword, "Wrong-horse1", goodPassword} {
		_, err := b.accounts.SignIn(b.t.Context(), credentials(ada, password))
		if got := reason(b.t, err); (got == success) != (password == goodPassword) {
			b.t.Fatalf("with %s the answer is %v", password, err)
		}
	}
	if reads := b.readsOfActivity() - before; reads != 0 {
		b.t.Errorf("the entries of the account were scanned %d times", reads)
	}
}

// readsOfActivity counts how often a statement has scanned the events, or an index of them, since the database was created. A
// session must be asked to report its counts first.
func (b *bundle) readsOfActivity() (scans int) {
	b.t.Helper()
	// One connection after another, until all of the pool have reported.
	for _, conn := range b.db.AcquireAllIdle(b.t.Context()) {
		if _, err := conn.Exec(b.t.Context(), "SELECT pg_stat_force_next_flush()"); err != nil {
			b.t.Fatal(err)
		}
		conn.Release()
	}
	if err := b.db.InTx(b.t.Context(), func(tx db.Tx) error {
		return tx.QueryRow(b.t.Context(), "SELECT seq_scan + coalesce(idx_scan, 0) FROM pg_stat_user_tables WHERE relname = 'events'").Scan(&scans)
	}); err != nil {
		b.t.Fatal(err)
	}
	return scans
}
