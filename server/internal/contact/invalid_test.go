package contact_test

import (
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/server/internal/contact"
)

// The corpora are what other implementations are checked with, so a rule that
// no example breaks would be unknown to them.
func TestRules_EveryRuleHasAnExample(t *testing.T) {
	t.Parallel()
	broken := make(map[string]bool)
	for _, file := range []string{"testdata/emails.json", "testdata/phones.json"} {
		for _, e := range corpus(t, file) {
			broken[e.Rule] = true
		}
	}
	delete(broken, "")
	for _, rule := range contact.Rules() {
		if !broken[rule] {
			t.Errorf("no example breaks %s", rule)
		}
		delete(broken, rule)
	}
	for rule := range broken {
		t.Errorf("the corpora name %q, which is no rule", rule)
	}
}

func TestLG03_ErrorsSayWhatToDoAndRevealNoInput(t *testing.T) {
	t.Parallel()
	for _, input := range []string{"Zebra", "Zebra@@b", "Zebra <z@example.com>", "z@Zebra_.com", "Zebra%x@example.com"} {
		_, err := contact.ParseEmail(input)
		checkMessage(t, err)
		_, err = contact.ParsePhone(input, "KR")
		checkMessage(t, err)
	}
}

func checkMessage(t *testing.T, err error) {
	t.Helper()
	rule := ruleOf(t, err)
	if rule == "" {
		t.Fatal("accepted")
	}
	text, ok := strings.CutPrefix(err.Error(), rule+": ")
	if !ok || !strings.HasSuffix(text, ".") {
		t.Errorf("error text %q", err)
	}
	if strings.Contains(strings.ToLower(err.Error()), "zebra") {
		t.Errorf("the input is in %q", err)
	}
}
