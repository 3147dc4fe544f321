package device

import (
	"os"
	"regexp"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A mail and a page call a device by the same name.
func TestThePagesKnowTheSameKoreanNames(t *testing.T) {
	t.Parallel()

	text, err := os.ReadFile("../../../clients/web/src/i18n/device-name.ts")
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, entry := range regexp.MustCompile(`(?m)^  "?([A-Za-z ]+)"?: "(.+)",$`).FindAllStringSubmatch(string(text), -1) {
		pages[entry[1]] = entry[2]
	}
	if diff := cmp.Diff(korean, pages); diff != "" {
		t.Errorf("(-here +pages):\n%s", diff)
	}
}
