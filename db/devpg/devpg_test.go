//go:build linux || darwin

package devpg_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

func TestStart_GivenURL(t *testing.T) {
	t.Parallel()
	const url = "postgres://ada:s3cret@db.example:6543/accounts?sslmode=disable"

	s := start(t, devpg.Options{URL: url, Dir: "/nowhere/at/all"})

	if s.URL() != url {
		t.Errorf("URL is %s", s.URL())
	}
	for _, want := range []string{"accounts", "db.example", "6543"} {
		if !strings.Contains(s.Describe(), want) {
			t.Errorf("%q does not say %s", s.Describe(), want)
		}
	}
	if strings.Contains(s.Describe(), "s3cret") {
		t.Errorf("%q reveals the password", s.Describe())
	}
}

func TestStart_ErrGivenURL(t *testing.T) {
	t.Parallel()
	startFails(t, devpg.Options{URL: "postgres://ada:s3cret@localhost:port/"}, "database URL")
}

func TestStart_Defaults(t *testing.T) {
	t.Parallel()

	s := start(t, devpg.Options{})

	got := map[string]string{}
	for _, name := range []string{
		"listen_addresses", "unix_socket_directories", "fsync", "synchronous_commit", "full_page_writes",
		"max_connections", "jit", "TimeZone", "server_encoding", "is_superuser", "password_encryption",
	} {
		got[name] = query(t, s.URL(), "SHOW "+name)
	}
	got["database"] = query(t, s.URL(), "SELECT current_database()")
	got["collation"] = query(t, s.URL(), "SELECT datcollate FROM pg_database WHERE datname = current_database()")
	want := map[string]string{
		"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
		"max_connections": "200", "jit": "off", "TimeZone": "UTC", "server_encoding": "UTF8", "is_superuser": "on", "password_encryption": "scram-sha-256",
		"database": "latchkey", "collation": "C",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	// Without any on the machine they come from npm, which has a test of its own.
	if dirs := devpg.UsualDirectories(); len(dirs) > 0 && !strings.Contains(s.Describe(), "from "+dirs[0]+" ") {
		t.Errorf("%q is not from %s", s.Describe(), dirs[0])
	}
	if version := query(t, s.URL(), "SHOW server_version_num"); !strings.Contains(s.Describe(), "PostgreSQL "+version[:2]) {
		t.Errorf("%q is version %s", s.Describe(), version)
	}
}

func TestStart_ErrPassword(t *testing.T) {
	t.Parallel()
	s := start(t, devpg.Options{Dir: usedDir(t)})

	_, err := pgx.Connect(t.Context(), strings.Replace(s.URL(), "latchkey:", "latchkey:x", 1))

	if err == nil {
		t.Error("any password will do")
	}
}

func TestStart_DurableKeepsData(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), "made", "when missing")
	first := start(t, devpg.Options{Dir: dir, Durable: true, MaxConnections: 17})
	remember(t, first.URL())
	if got := query(t, first.URL(), "SELECT current_setting('fsync') || current_setting('max_connections')"); got != "on17" {
		t.Errorf("settings are %s", got)
	}
	stop(t, first)

	second := start(t, devpg.Options{Dir: dir, Durable: true})

	remembers(t, second.URL())
	info, err := os.Stat(filepath.Join(dir, "password"))
	must(t, err)
	if info.Mode().Perm() != 0o600 {
		t.Errorf("the password file has mode %v", info.Mode())
	}
}

func TestStart_BlanksKoreanAndLongPath(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(newDir(t), `a 'blank' and "more"`, "한글 폴더 $HOME", strings.Repeat("long", 40))
	first := start(t, devpg.Options{Dir: dir})
	remember(t, first.URL())
	stop(t, first)

	remembers(t, start(t, devpg.Options{Dir: dir}).URL())
}

func TestStart_TakenPort(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp4", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	var log logged

	s := start(t, devpg.WithPortFirst(devpg.Options{Dir: usedDir(t), Log: log.logger()}, taken.Addr().(*net.TCPAddr).Port))

	if query(t, s.URL(), "SELECT 'ok'") != "ok" || !log.says("the port is taken") {
		t.Error("the port was not taken")
	}
}

func TestStart_ErrCarriesTheLog(t *testing.T) {
	t.Parallel()
	startFails(t, devpg.Options{Dir: usedDir(t), MaxConnections: -5}, `-5 is outside the valid range for parameter "max_connections"`)
}

func TestStart_ErrCancelled(t *testing.T) {
	t.Parallel()
	dir := newDir(t)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		await(t, "initdb runs", func() bool { return exists(dir, "data.new-*", "PG_VERSION") })
	}()

	_, err := devpg.Start(ctx, devpg.Options{Dir: dir, Durable: true})

	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
	if exists(dir, "data*") {
		t.Error("half a cluster is left")
	}
}

func TestStart_OwnProcessGroup(t *testing.T) {
	t.Parallel()
	dir := usedDir(t)
	start(t, devpg.Options{Dir: dir})
	pid := postmaster(t, dir)

	group, err := syscall.Getpgid(pid)
	must(t, err)

	if group != pid {
		t.Errorf("process %d is in group %d, ours is %d", pid, group, syscall.Getpgrp())
	}
}

func exists(pattern ...string) bool {
	found, _ := filepath.Glob(filepath.Join(pattern...))
	return len(found) > 0
}
