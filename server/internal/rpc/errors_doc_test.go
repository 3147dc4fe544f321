package rpc

import (
	"os"
	"regexp"
	"strings"
	"testing"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
)

var docRow = regexp.MustCompile(`(?m)^\| ([A-Z_]+) \| ([a-z_]+) \| \S`)

// docs/errors.md, the contract's enum and the mapping are one list.
func TestTheDocsListEveryReason(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../../docs/errors.md")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, row := range docRow.FindAllStringSubmatch(string(doc), -1) {
		told[row[1]] = row[2]
	}
	for number, name := range latchkeyv1.Reason_name {
		reason := latchkeyv1.Reason(number)
		short := strings.TrimPrefix(name, "REASON_")
		if reason == latchkeyv1.Reason_REASON_UNSPECIFIED {
			continue
		}
		if told[short] != replies[reason].code.String() {
			t.Errorf("docs/errors.md says that %s has the code %q, and it has %q", short, told[short], replies[reason].code)
		}
		delete(told, short)
	}
	for name := range told {
		t.Errorf("docs/errors.md lists %s, which is not in the contract", name)
	}
}
