package db

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func TestReads(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]bool{
		"SELECT 1": true,
		"select 1": true,
		"-- name: FindUser :one\n-- FindUser finds a user.\nSELECT *": true,
		"-- name: WasSent :one\nSELECT EXISTS (SELECT)":               true,
		"-- name: ChargeBudgets :one\nSELECT charge_budgets()":        false,
		"-- name: LockUser :one\nSELECT * FROM users FOR UPDATE":      false,
		"WITH gone AS (DELETE FROM users) SELECT 1":                   false,
		"INSERT INTO users SELECT 1":                                  false,
		"-- name: FindUser :one":                                      false,
		"":                                                            false,
	} {
		if got := isReadOnly(statement); got != want {
			t.Errorf("isReadOnly(%q) = %t", statement, got)
		}
	}
}

var (
	queryName = regexp.MustCompile(`(?m)^-- name: (\w+) `)
	// Functions that may write. Postgres keeps one that is STABLE or IMMUTABLE from it.
	function = regexp.MustCompile(`CREATE (?:OR REPLACE )?FUNCTION (\w+)\([^)]*\) RETURNS [\w ]+\s+LANGUAGE \w+\s+(STABLE|IMMUTABLE)?`)
)

// A query that is taken for a reader runs again although it may have taken effect.
func TestQueriesThatAreNamedLikeReadersOnlyRead(t *testing.T) {
	t.Parallel()
	var functions []string
	err := fs.WalkDir(Migrations(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(Migrations(), path)
		for _, found := range function.FindAllSubmatch(text, -1) {
			if len(found[2]) == 0 {
				functions = append(functions, string(found[1]))
			}
		}
		return err
	})
	if err != nil || len(functions) == 0 {
		t.Fatalf("the migrations make the functions %v: %v", functions, err)
	}
	files, err := filepath.Glob("queries/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("the files of queries are %v: %v", files, err)
	}
	readers := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		starts := queryName.FindAllIndex(text, -1)
		for i, start := range starts {
			end := len(text)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			query := string(text[start[0]:end])
			if !isReadOnly(query) {
				continue
			}
			readers++
			for _, name := range functions {
				if strings.Contains(query, name+"(") {
					t.Errorf("%s: a query is named like one that only reads, and calls %s:\n%s", file, name, query)
				}
			}
		}
	}
	if readers < 10 {
		t.Errorf("only %d queries are readers", readers)
	}
}
