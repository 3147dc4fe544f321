//go:build linux || darwin

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// asCommand has the test program be linkonce.
const asCommand = "LINKONCE_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

type bundle struct {
	t         *testing.T
	dir, kept string
}

func setup(t *testing.T) bundle {
	t.Helper()
	b := bundle{t: t, dir: t.TempDir()}
	b.kept = filepath.Join(b.dir, "kept")
	// A program that this one writes might be busy when it is to run.
	linker, err := filepath.Abs("testdata/link")
	if err == nil {
		err = os.Symlink(linker, filepath.Join(b.dir, "link"))
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// run gives what a tool prints when linkonce stands in front of it.
func (b bundle) run(tool string, args ...string) (string, error) {
	b.t.Helper()
	cmd := exec.CommandContext(b.t.Context(), os.Args[0], append([]string{b.kept, filepath.Join(b.dir, tool)}, args...)...)
	cmd.Env = append(os.Environ(), asCommand+"=1")
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// links has a program linked where go test would, and runs it.
func (b bundle) links(name, id string) {
	b.t.Helper()
	program := filepath.Join(b.t.TempDir(), name)
	if out, err := b.run("link", "-o", program, "-buildid="+id, "main.a"); err != nil {
		b.t.Fatalf("%v: %s", err, out)
	}
	out, err := exec.CommandContext(b.t.Context(), program).Output()
	// Go writes the whole build id into the program afterwards, so that it must not be the one that is kept.
	if writeErr := os.WriteFile(program, nil, 0o600); err != nil || writeErr != nil {
		b.t.Fatal(err, writeErr)
	}
	want, _, _ := strings.Cut(id, "/")
	if got := string(out); !strings.HasPrefix(got, "-buildid="+want+"/") {
		b.t.Errorf("asked for %s, the program says %s", id, got)
	}
}

func (b bundle) linkerRan(want int) {
	b.t.Helper()
	runs, _ := os.ReadFile(filepath.Join(b.dir, "runs"))
	if got := strings.Count(string(runs), "\n"); got != want {
		b.t.Errorf("the linker ran %d times, want %d:\n%s", got, want, runs)
	}
}

func TestLinksOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.links("a.test", "one/main")
	b.links("a.test", "one/main")
	b.links("b.test", "one/main")
	b.linkerRan(2)
	b.links("a.test", "two/main")
	b.linkerRan(3)
	b.links("a.test", "two/main")
	b.linkerRan(3)

	entries, err := os.ReadDir(b.kept)
	if err != nil || len(entries) != 2 {
		t.Errorf("kept %v (%v), want one program for each name", entries, err)
	}
}

func TestHandsOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 2 {
		if out, err := b.run("link", "-V=full"); err != nil || out != "link version 1" {
			t.Errorf("%v: %s", err, out)
		}
		// What is no test program Go keeps by itself.
		if out, err := b.run("link", "-o", filepath.Join(b.dir, "server"), "-buildid=one/main"); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
	b.linkerRan(4)
}

func TestKeepsNothingThatFailed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for range 2 {
		out, err := b.run("link", "-o", filepath.Join(b.dir, "a.test"), "-buildid=bad/main")
		if err == nil || out != "undefined: bad" {
			t.Errorf("%v: %s", err, out)
		}
	}
	b.linkerRan(2)
}
