package cleanup_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// bounded are the tables without a sweep, and why they do not grow for ever.
var bounded = map[string]string{
	"users":              "each row is an account, which its owner deletes",
	"passwords":          "one for each account",
	"devices":            "one for each session, with which it goes",
	"farewells":          "one for each send, with which it goes",
	"issuers":            "one for each public URL, deleted after 400 days (package token)",
	"signing_keys":       "few, and removed by age (package token)",
	"goose_db_version":   "one for each migration",
	"river_migration":    "one for each of River's migrations",
	"river_leader":       "one",
	"river_queue":        "one for each queue; River deletes those that no process works any more",
	"river_job":          "River deletes jobs that have ended (package jobs)",
	"river_notification": "River writes to it in SQLite only",
}

// tables names those of the migrated schema.
const tables = `SELECT relname::text FROM pg_class
	WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`

var deletesFrom = regexp.MustCompile(`(?m)^\s*DELETE\s+FROM (\w+)`)

func TestLG07_EveryTableIsSweptOrBounded(t *testing.T) {
	t.Parallel()
	y := setup(t)
	swept := map[string]bool{}
	for _, s := range y.sweptStatements() {
		if table := deletesFrom.FindStringSubmatch(s.SQL); table != nil {
			swept[table[1]] = true
		}
	}
	known := map[string]bool{}
	for _, table := range y.names(tables) {
		known[table] = true
		if reason := bounded[table]; (reason != "") == swept[table] {
			t.Errorf("%s: swept: %v, bounded: %q; give it a sweep in sweeps.go, or say here what bounds it", table, swept[table], reason)
		}
	}
	for table := range bounded {
		if !known[table] {
			t.Errorf("there is no table %s", table)
		}
	}
}

// The manual lists what bounds each table.
func TestLG07_TheManualNamesEveryTable(t *testing.T) {
	t.Parallel()
	y := setup(t)
	manual, err := os.ReadFile("../../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(manual), "## Retention")
	section, _, _ = strings.Cut(section, "\n## ")
	for _, table := range y.names(tables + " AND relname NOT LIKE 'river%' AND relname NOT LIKE 'goose%'") {
		if !strings.Contains(section, "`"+table+"`") {
			t.Errorf("%s is missing: say where its rows come from, what bounds them, and how long they are kept", table)
		}
	}
}
