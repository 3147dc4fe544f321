package account

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Lock-out, budgets, notices and second factors hold for every way to sign in, since every way leads through admit.
func TestOnlyAdmitStartsASession(t *testing.T) {
	t.Parallel()
	found := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") ||
			filepath.Base(filepath.Dir(path)) == "session" {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		// No session starts without one, whatever the service is called.
		if n := strings.Count(string(source), "session.StartInput"); n > 0 {
			found += n
			if filepath.Base(path) != "admit.go" {
				t.Errorf("%s starts a session: build evidence and call admit", path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if found != 1 {
		t.Errorf("sessions are started in %d places, want the one in admit.go", found)
	}
}
