//go:build linux || darwin

package devpg_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

func TestStart_TwoServersAtOnce(t *testing.T) {
	t.Parallel()
	a, b := launchHelper(t, "-"), launchHelper(t, "-")
	c := start(t, devpg.Options{})
	a.ready(t)
	b.ready(t)

	for _, url := range []string{a.url, b.url, c.URL()} {
		remember(t, url) // fails where the table exists
	}
	b.kill()
	remembers(t, a.url)
	remembers(t, c.URL())
}

func TestStart_ErrDirInUse(t *testing.T) {
	t.Parallel()
	t.Run("ByAnotherProcess", func(t *testing.T) {
		t.Parallel()
		dir := usedDir(t)
		h := launchHelper(t, dir).ready(t)

		startFails(t, devpg.Options{Dir: dir}, dir, "process "+strconv.Itoa(h.cmd.Process.Pid))

		remember(t, h.url)
	})
	t.Run("ByThisProcess", func(t *testing.T) {
		t.Parallel()
		dir := usedDir(t)
		s := start(t, devpg.Options{Dir: dir})

		startFails(t, devpg.Options{Dir: dir + "/./"}, dir, "this process")

		remember(t, s.URL())
		stop(t, s)
		remembers(t, start(t, devpg.Options{Dir: dir}).URL())
	})
}

func TestStart_HalfMadeCluster(t *testing.T) {
	t.Parallel()
	t.Run("Initdb", func(t *testing.T) {
		t.Parallel()
		dir := newDir(t)
		must(t, os.MkdirAll(filepath.Join(dir, "data.new-123", "base"), 0o700))

		remember(t, start(t, devpg.Options{Dir: dir}).URL())

		if exists(dir, "data.new-*") {
			t.Error("the half is left")
		}
	})
	t.Run("Damaged", func(t *testing.T) {
		t.Parallel()
		dir := newDir(t)
		must(t, os.Mkdir(filepath.Join(dir, "data"), 0o755))
		must(t, os.WriteFile(filepath.Join(dir, "data", "precious"), nil, 0o644))
		must(t, os.Mkdir(filepath.Join(dir, "data.broken-1"), 0o755))
		var log logged

		remember(t, start(t, devpg.Options{Dir: dir, Log: log.logger()}).URL())

		if !exists(dir, "data.broken-2", "precious") || !log.says("data.broken-2") {
			t.Error("it was not set aside")
		}
	})
}

func TestStart_ErrPasswordLost(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	file := filepath.Join(dir, "password")
	must(t, os.WriteFile(file, []byte("another\n"), 0o600))
	startFails(t, devpg.Options{Dir: dir}, dir, "password")

	must(t, os.Remove(file))

	startFails(t, devpg.Options{Dir: dir}, dir, "password")
}

func TestStart_ErrDirIsAFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(newDir(t), "file")
	must(t, os.WriteFile(file, nil, 0o644))
	startFails(t, devpg.Options{Dir: file}, file)
	startFails(t, devpg.Options{Dir: filepath.Join(file, "below")}, "not a directory")
}

func TestStart_EnvironmentDoesNotMatter(t *testing.T) {
	t.Parallel()
	h := launchHelper(t, "-",
		"PGHOST=/nowhere", "PGHOSTADDR=192.0.2.1", "PGPORT=1", "PGUSER=nobody", "PGDATABASE=nothing", "PGPASSWORD=wrong", "PGPASSFILE=/nowhere",
		"PGDATA=/nowhere", "PGOPTIONS=-c search_path=evil", "PGTZ=Asia/Seoul", "PGSERVICE=none", "PGSERVICEFILE=/nowhere",
		"PGSSLMODE=verify-full", "PGSSLROOTCERT=/nowhere", "PGSSLCERTMODE=require", "PGSSLNEGOTIATION=direct", "PGTARGETSESSIONATTRS=standby",
		"PGCHANNELBINDING=require", "PGREQUIREAUTH=none", "PGMINPROTOCOLVERSION=3.2", "PGMAXPROTOCOLVERSION=3.2", "PGCONNECT_TIMEOUT=never",
		"LC_ALL=ko_KR.UTF-8", "LANG=ko_KR.UTF-8", "LC_MESSAGES=ko_KR.UTF-8", "TZ=Asia/Seoul",
	).ready(t)

	if want := `latchkey latchkey UTC "$user", public C`; h.session != want {
		t.Errorf("the session is %s, not %s", h.session, want)
	}
}

func TestStart_PlainURL(t *testing.T) {
	t.Parallel()
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "PG") {
			t.Skipf("%s is set", v)
		}
	}
	if s := start(t, devpg.Options{Dir: usedDir(t)}); !strings.HasSuffix(s.URL(), "/latchkey?sslmode=disable") {
		t.Error("the URL says more than it needs to")
	}
}
