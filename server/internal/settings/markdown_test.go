package settings_test

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

const (
	operations = "../../../docs/operations.md"
	begin, end = "<!-- settings -->\n", "<!-- /settings -->"
)

func TestTheTableInTheDocsIsCurrent(t *testing.T) {
	t.Parallel()

	want := settings.Markdown()
	page, err := os.ReadFile(operations)
	if err != nil {
		t.Fatalf("%v\nput this into docs/operations.md:\n\n%s%s%s", err, begin, want, end)
	}
	_, rest, ok := strings.Cut(string(page), begin)
	table, _, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("docs/operations.md lacks the markers; put this there:\n\n%s%s%s", begin, want, end)
	}
	if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(table)); diff != "" {
		t.Errorf("docs/operations.md is not current (-want +got):\n%s\nput this there:\n\n%s%s%s", diff, begin, want, end)
	}
}

// A bar within a cell would begin another one.
func TestTheTableHasFourColumns(t *testing.T) {
	t.Parallel()

	for line := range strings.Lines(settings.Markdown()) {
		if strings.Count(line, "|") != 5 || strings.Contains(line, "``") {
			t.Errorf("a line of the table: %s", line)
		}
	}
}
