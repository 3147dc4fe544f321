package contact_test

import (
	"encoding/json"
	"os"
	"testing"
)

// example is one line of a corpus. Canonical alone: accepted. Rule alone:
// refused. Both, for phones: it is a number, but the rule refuses it wherever
// text messages are needed.
type example struct {
	Input     string  `json:"input"`
	Canonical string  `json:"canonical"`
	Rule      string  `json:"rule"`
	Kind      string  `json:"kind"`
	Region    *string `json:"region"` // absent: KR
	Why       string  `json:"why"`
}

func (e example) region() string {
	if e.Region == nil {
		return "KR"
	}
	return *e.Region
}

func corpus(tb testing.TB, file string) []example {
	tb.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		tb.Fatal(err)
	}
	var examples []example
	if err := json.Unmarshal(data, &examples); err != nil {
		tb.Fatalf("%s: %v", file, err)
	}
	return examples
}
