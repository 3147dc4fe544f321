package audit_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Callers learn from the contract which events there are.
func TestTheContractNamesEveryListedEvent(t *testing.T) {
	t.Parallel()
	events, err := os.ReadFile("event.go")
	if err != nil {
		t.Fatal(err)
	}
	contract, err := os.ReadFile("../../../proto/latchkey/v1/activity.proto")
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`Event\s+= "(\w+)"`).FindAllStringSubmatch(string(events), -1)
	if len(found) < 20 {
		t.Fatalf("event.go has %d events: this test does not find them", len(found))
	}
	for _, event := range found {
		if !strings.Contains(string(contract), "`"+event[1]+"`") {
			t.Errorf("activity.proto does not name %s", event[1])
		}
	}
}
