//go:build linux || darwin

package devpg_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

func TestLifeline_ProcessKilled(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	h := launchHelper(t, dir).ready(t)
	remember(t, h.url)
	pid := postmaster(t, dir)

	h.kill()

	await(t, "Postgres goes away", func() bool { return !alive(pid) })
	remembers(t, start(t, devpg.Options{Dir: dir}).URL())
}

func TestLifeline_ProcessKilledAndStartedAtOnce(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	h := launchHelper(t, dir).ready(t)
	remember(t, h.url)

	h.kill()

	remembers(t, start(t, devpg.Options{Dir: dir}).URL())
}

func TestLifeline_ProcessReturns(t *testing.T) {
	t.Parallel()
	h := launchHelper(t, "-").ready(t)
	pid := postmaster(t, h.files)

	must(t, h.in.Close())

	await(t, "Postgres goes away", func() bool { return !alive(pid) })
	await(t, "the temporary directory goes away", func() bool { return !exists(h.files) })
}

func TestLifeline_ProcessKilledInInitdb(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	h := launchHelper(t, dir)
	await(t, "initdb runs", func() bool { return exists(dir, "data.new-*", "PG_VERSION") })

	h.kill()

	if exists(dir, "data") {
		t.Fatal("initdb had finished")
	}
	remember(t, start(t, devpg.Options{Dir: dir}).URL())
}

// Something may kill the watcher as well. Then Postgres outlives everybody
// until the next start.
func TestLifeline_Cut(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	h := launchHelper(t, dir).ready(t)
	remember(t, h.url)
	pid := postmaster(t, dir)
	kill(t, watcher(t, pid))
	h.kill()
	conn, err := pgx.Connect(t.Context(), h.url)
	must(t, err)
	defer conn.Close(t.Context())
	var log logged

	s := start(t, devpg.Options{Dir: dir, Log: log.logger()})

	if alive(pid) || !log.says("an earlier process left") {
		t.Errorf("process %d lives on", pid)
	}
	remembers(t, s.URL())
}

func TestStart_PostmasterKilled(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	var log logged
	s := start(t, devpg.Options{Dir: dir, Durable: true, Log: log.logger()})
	remember(t, s.URL())
	conn, err := pgx.Connect(t.Context(), s.URL()) // its server process takes a moment longer
	must(t, err)
	defer conn.Close(t.Context())

	kill(t, postmaster(t, dir))
	await(t, "the end is noticed", func() bool { return log.says("ended by itself") })
	stop(t, s)

	remembers(t, start(t, devpg.Options{Dir: dir}).URL())
}

func TestStart_PidOfAnotherProcess(t *testing.T) {
	t.Parallel()
	otherDir := usedDir(t)
	other := start(t, devpg.Options{Dir: otherDir})
	pids := map[string]int{"NotPostgres": os.Getpid(), "AnotherPostgres": postmaster(t, otherDir)}
	for name, pid := range pids {
		t.Run(name, func(t *testing.T) {
			dir := usedDir(t)
			s := start(t, devpg.Options{Dir: dir})
			remember(t, s.URL())
			stop(t, s)
			stale := fmt.Sprintf("%d\n%s\n0\n5432\n\n127.0.0.1\n\nready\n", pid, filepath.Join(dir, "data"))
			must(t, os.WriteFile(filepath.Join(dir, "data", "postmaster.pid"), []byte(stale), 0o600))
			var log logged

			remembers(t, start(t, devpg.Options{Dir: dir, Log: log.logger()}).URL())

			if !log.says("stale postmaster.pid") {
				t.Error("nothing was found stale")
			}
		})
	}
	if query(t, other.URL(), "SELECT 'ok'") != "ok" {
		t.Error("another cluster was stopped")
	}
}

// watcher finds the shell in the session of Postgres.
func watcher(t *testing.T, pid int) int {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,pgid=,comm=").Output()
	must(t, err)
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		if f[1] == strconv.Itoa(pid) && strings.HasSuffix(f[2], "sh") {
			found, err := strconv.Atoi(f[0])
			must(t, err)
			return found
		}
	}
	t.Fatal("Postgres has no watcher")
	return 0
}
