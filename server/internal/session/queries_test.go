package session_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Queries that need not ask whether a session is alive, and why.
var anySession = map[string]string{
	"SweepSessions":   "it deletes what has expired, whoever has ended it",
	"StartGeneration": "it moves the one that it keeps on, if that is alive",
	"StoreReportHash": "it belongs to a session that the same transaction has made",
}

var (
	queryName    = regexp.MustCompile(`(?m)^-- name: (\w+) :\w+$`)
	readsSession = regexp.MustCompile(`(?i)\b(from|join|update|using)\s+sessions\b`)
	alive        = regexp.MustCompile(`s\.generation = u\.session_generation|newest_sessions\((@user_id|sqlc\.arg\(user_id\))`)
	notAlive     = "s.generation <> u.session_generation"
)

// A session that its user has ended together with others keeps its row for a while.
func TestSE03_EveryQueryAsksWhetherASessionIsAlive(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../db/queries/*.sql")
	if err != nil || len(files) < 5 {
		t.Fatalf("the queries are not found: %v, %v", files, err)
	}
	asked := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		starts := queryName.FindAllStringSubmatchIndex(string(text), -1)
		for i, at := range starts {
			end := len(text)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			name, query := string(text[at[2]:at[3]]), string(text[at[1]:end])
			if !readsSession.MatchString(query) {
				continue
			}
			_, exempt := anySession[name]
			asks := alive.MatchString(query) || strings.Contains(query, notAlive)
			if asks {
				asked++
			}
			if asks == exempt {
				t.Errorf("%s in %s: asks whether the session is alive: %v, exempt: %v", name, filepath.Base(file), asks, exempt)
			}
		}
	}
	if asked < 10 {
		t.Errorf("only %d queries ask", asked)
	}
}
