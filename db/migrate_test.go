package db_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
)

var quiet = slog.New(slog.DiscardHandler)

func contains(text, part string) bool { return strings.Contains(text, part) }

func TestA12_TablesAreMadeOnceByReplicasThatStartTogether(t *testing.T) {
	t.Parallel()

	url := dbtest.EmptyURL(t)
	const replicas = 4
	var (
		group sync.WaitGroup
		steps [replicas]int
		errs  [replicas]error
	)
	for i := range replicas {
		group.Go(func() { steps[i], errs[i] = db.Migrate(context.Background(), url, quiet) })
	}
	group.Wait()

	total := 0
	for i := range replicas {
		if errs[i] != nil {
			t.Errorf("replica %d: %v", i, errs[i])
		}
		total += steps[i]
	}
	alone, err := db.Migrate(t.Context(), dbtest.EmptyURL(t), quiet)
	if err != nil || total != alone {
		t.Errorf("together they took %d steps, and one alone takes %d: %v", total, alone, err)
	}
	if again, err := db.Migrate(t.Context(), url, quiet); again != 0 || err != nil {
		t.Errorf("a further start takes %d steps: %v", again, err)
	}
}

func TestA12_EveryTableThatLivesHasItsTimes(t *testing.T) {
	t.Parallel()

	d := dbtest.New(t)
	rows, err := d.Query(t.Context(), `
		SELECT c.relname
		FROM pg_class c
		         JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public'
		  AND c.relkind = 'r'
		  AND c.relname NOT LIKE 'river%'
		  AND c.relname NOT LIKE 'goose%'
		  AND (SELECT count(*)
		       FROM pg_attribute a
		       WHERE a.attrelid = c.oid
		         AND a.attname IN ('created_at', 'updated_at')
		         AND a.attnotnull) < 2
		   OR (n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'river%' AND c.relname NOT LIKE 'goose%'
		  AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgname = c.relname || '_touch'))`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var table string
		if err := rows.Scan(&table); err != nil {
			t.Fatal(err)
		}
		t.Errorf("table %s lacks created_at, updated_at, or the trigger that keeps the latter", table)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
