package account_test

import (
	"context"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// meanwhile runs a call, and a change of the database that becomes visible after the call has read its input, and before it locks
// the changed row.
func (b *bundle) meanwhile(call func() error, change func(ctx context.Context, tx db.Tx) error) error {
	b.t.Helper()
	ctx := b.t.Context()
	outcome := make(chan error, 1)
	if err := b.db.InTx(ctx, func(tx db.Tx) error {
		if err := change(ctx, tx); err != nil {
			return err
		}
		go func() { outcome <- call() }()
		b.awaitLock()
		return nil
	}); err != nil {
		b.t.Fatal(err)
	}
	return <-outcome
}

func (b *bundle) awaitLock() {
	b.t.Helper()
	timeout := time.NewTimer(time.Minute)
	defer timeout.Stop()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for b.count("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 0 {
		select {
		case <-again.C:
		case <-timeout.C:
			b.t.Fatal("the call does not wait for the row that changes")
		}
	}
}
