package main_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

const root = "../../.."

// A path of the repository in backticks, or a link to a file of it. Placeholders in angle brackets and patterns are none.
var (
	quotedPath = regexp.MustCompile("`((?:[a-z]+|\\.[a-z]+)/[\\w./-]+|[\\w-]+\\.(?:go|ts|tsx|md|yml|proto|sql))`")
	linkedPath = regexp.MustCompile(`\]\(([\w./-]+\.md)(?:#[\w-]*)?\)`)
)

// folders is where a document's short paths, such as `account/admit.go`, begin.
var folders = []string{".", "docs", "server/internal", "clients/web", "clients/web/src", "clients/ts", "clients/ts/src", "db", "proto/latchkey/v1"}

// A reader who looks for a file that was renamed has lost trust in the rest of the page.
func TestDocumentsNameFilesThatExist(t *testing.T) {
	t.Parallel()
	names := baseNames(t)
	for _, document := range []string{"README.md", "README.ko.md", "CONTRIBUTING.md", "SECURITY.md", "docs/architecture.md", "docs/where-do-i-put.md", "docs/errors.md", "docs/operations.md"} {
		text, err := os.ReadFile(filepath.Join(root, document))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range quotedPath.FindAllStringSubmatch(string(text), -1) {
			path := strings.TrimSuffix(found[1], "/")
			if !strings.Contains(path, "/") && names[path] || existsIn(folders, path) {
				continue
			}
			t.Errorf("%s names `%s`, which does not exist", document, path)
		}
		for _, found := range linkedPath.FindAllStringSubmatch(string(text), -1) {
			if !existsIn([]string{filepath.Dir(document)}, found[1]) {
				t.Errorf("%s links to %s, which does not exist", document, found[1])
			}
		}
	}
}

func existsIn(folders []string, path string) bool {
	for _, folder := range folders {
		if _, err := os.Stat(filepath.Join(root, folder, path)); err == nil {
			return true
		}
	}
	return false
}

// baseNames returns the names of the files of the source.
func baseNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, folder := range []string{"server", "db", "proto", "clients/web/src", "clients/web/journeys", "clients/ts/src", "docs"} {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, _ os.DirEntry, err error) error {
			names[filepath.Base(path)] = true
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}
