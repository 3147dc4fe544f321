package notify

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

// A notice without a budget could be sent without end. Queue refuses to send one; this test says so before anything is sent.
func TestRL06_EveryNoticeHasABudgetForEachOfItsChannels(t *testing.T) {
	t.Parallel()

	kinds := notices(t)
	for _, kind := range kinds {
		for _, channel := range []Channel{Email, SMS, PushChannel} {
			written := templates.Lookup(templateName(string(kind), channel, "en")) != nil
			if budgets := noticeBudgets[kind][channel]; written != (len(budgets) > 0) {
				t.Errorf("%s by %s: words are there: %t, and budgets: %v", kind, channel, written, budgets)
			}
		}
	}
	if len(kinds) != len(noticeBudgets) {
		t.Errorf("there are %d kinds of notices, and budgets for %d", len(kinds), len(noticeBudgets))
	}
}

// An operator reads in the docs what the code holds.
func TestTheDocsListTheBudgetsOfNotices(t *testing.T) {
	t.Parallel()

	docs, err := os.ReadFile("../../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(docs), "<!-- notices -->")
	table, _, found := strings.Cut(table, "<!-- /notices -->")
	if !found {
		t.Fatal("the table is not there")
	}
	for kind, channels := range noticeBudgets {
		var row string
		for line := range strings.Lines(table) {
			if strings.HasPrefix(line, "| `"+string(kind)+"` |") {
				row = line
			}
		}
		want := fmt.Sprintf("| %s | %s | %s |", inDocs(channels[SMS]), inDocs(channels[Email]), inDocs(channels[PushChannel]))
		if !strings.Contains(row, want) {
			t.Errorf("%s: the docs say %q, want %q", kind, row, want)
		}
	}
}

// inDocs writes budgets as the docs do.
func inDocs(budgets []ratelimit.Budget) string {
	if len(budgets) == 0 {
		return "–"
	}
	var parts []string
	for _, b := range budgets {
		parts = append(parts, fmt.Sprintf("%d %s", b.Limit, map[time.Duration]string{time.Hour: "an hour", 24 * time.Hour: "a day"}[b.Window]))
	}
	return strings.Join(parts, ", ")
}
