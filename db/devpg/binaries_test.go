//go:build linux || darwin

package devpg_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

func TestStart_NPM(t *testing.T) {
	t.Parallel()
	cache, dir, calls := newDir(t), newDir(t), filepath.Join(newDir(t), "calls")
	npm := script(t, "npm", fmt.Sprintf("echo call >>'%s'\nexec npm \"$@\" --prefer-offline", calls))

	var both sync.WaitGroup
	for _, dir := range []string{dir, ""} {
		both.Go(func() {
			s := start(t, devpg.WithNPM(devpg.Options{Dir: dir}, npm, cache))
			if !strings.Contains(s.Describe(), "PostgreSQL 18.4 from "+cache) {
				t.Errorf("%q is not from npm", s.Describe())
			}
			if got := query(t, s.URL(), "SHOW server_version"); got != "18.4" {
				t.Errorf("version is %s", got)
			}
			stop(t, s)
		})
	}
	both.Wait()

	if b, err := os.ReadFile(calls); err != nil || string(b) != "call\n" {
		t.Errorf("npm was called: %q, %v", b, err)
	}
	// The next one needs neither npm nor a network.
	start(t, devpg.WithNPM(devpg.Options{Dir: dir}, "/nowhere/npm", cache))
}

func TestStart_ErrNPM(t *testing.T) {
	t.Parallel()
	cache := newDir(t)

	startFails(t, devpg.WithNPM(devpg.Options{}, "/nowhere/npm", cache), "no npm", "install PostgreSQL", "LATCHKEY_DATABASE_URL")
	npm := script(t, "npm", "echo getaddrinfo ENOTFOUND; exit 7")
	startFails(t, devpg.WithNPM(devpg.Options{}, npm, cache), "ENOTFOUND", "exit status 7", "install PostgreSQL", "LATCHKEY_DATABASE_URL")

	if exists(cache, "*.new-*") {
		t.Error("half an installation is left")
	}
}

func TestStart_BinariesThatFit(t *testing.T) {
	t.Parallel()
	dirs := devpg.UsualDirectories()
	if len(dirs) == 0 {
		t.Skip("no PostgreSQL on this machine")
	}
	tooOld := filepath.Dir(script(t, "postgres", "echo 'postgres (PostgreSQL) 13.22'"))
	broken := filepath.Dir(script(t, "postgres", "echo no library >&2; exit 127"))
	dir := usedDir(t)
	first := start(t, devpg.WithPath(devpg.Options{Dir: dir}, strings.Join([]string{"", "relative", tooOld, broken, dirs[0]}, ":")))
	remember(t, first.URL())
	stop(t, first)

	t.Run("OK", func(t *testing.T) {
		newer := filepath.Dir(script(t, "postgres", "echo 'postgres (PostgreSQL) 99beta1 (Ours)'"))
		s := start(t, devpg.WithPath(devpg.Options{Dir: dir}, newer+":"+dirs[0]))
		remembers(t, s.URL())
		stop(t, s)
	})
	t.Run("ErrNone", func(t *testing.T) {
		must(t, os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("16\n"), 0o600))
		startFails(t, devpg.WithPath(devpg.Options{Dir: dir}, tooOld), dir, "made by PostgreSQL 16", "13.22 in "+tooOld, "install PostgreSQL 16")
	})
}

func TestNewestFirst(t *testing.T) {
	t.Parallel()
	base := newDir(t)
	for _, v := range []string{"9.6", "14", "9", "100", "16", "latest"} {
		must(t, os.MkdirAll(filepath.Join(base, "postgresql@"+v, "bin"), 0o755))
	}

	got := devpg.NewestFirst(filepath.Join(base, "postgresql@*", "bin"))[:4]

	var want []string
	for _, v := range []string{"100", "16", "14", "9"} {
		want = append(want, filepath.Join(base, "postgresql@"+v, "bin"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// script writes a program into a new directory, together with an initdb.
func script(t *testing.T, name, body string) string {
	t.Helper()
	path := filepath.Join(newDir(t), name)
	must(t, os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755))
	must(t, os.WriteFile(filepath.Join(filepath.Dir(path), "initdb"), nil, 0o755))
	return path
}
