//go:build linux || darwin

// Command withpostgres runs a command with one Postgres for all the test programs that it starts:
//
//	go run ./db/dbtest/withpostgres go test ./...
//
// So Postgres is started, and the schema is made, once instead of once per package. The server is there before the command
// starts, and goes after it, also when this program is killed. The exit code is the command's. A server that
// LATCHKEY_TEST_DATABASE_URL names already is used and left alone.
//
// Temporary files of the tests are kept in memory, where the machine has enough of it: databases come and go by the hundred,
// and a disk's file system is the slowest part of that.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"time"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/db/devpg"
)

const (
	// Making a cluster takes a second or two; fetching Postgres first takes longer.
	startTimeout = 3 * time.Minute
	stopTimeout  = 20 * time.Second
	// Three packages at once, with sixteen tests each, which have a pool of ten connections.
	maxConnections = 500
)

// settings spare the server work that no test needs, about a tenth of what it does. Autovacuum would also analyze a table in the
// middle of a test that looks at plans. Nothing is replicated, and no checkpoint is due before the end.
var settings = []string{
	"autovacuum=off", "wal_level=minimal", "max_wal_senders=0", "max_wal_size=8GB", "checkpoint_timeout=1h",
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: withpostgres command [argument ...]")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.Exited() {
		os.Exit(exit.ExitCode()) // it has said why
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, argv []string) (err error) {
	if err := useMemory(); err != nil {
		return err
	}
	starting, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	server, err := devpg.Start(starting, devpg.Options{
		URL: os.Getenv(dbtest.ServerVariable), MaxConnections: maxConnections, Settings: settings,
	})
	if err != nil {
		return fmt.Errorf("start Postgres for the tests: %w", err)
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
		defer cancel()
		if stopErr := server.Stop(stopping); err == nil {
			err = stopErr
		}
	}()

	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), dbtest.ServerVariable+"="+server.URL())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	// A group of its own: `go run` and `go test` start further programs, and do not tell them to end. SIGTERM, since a shell
	// has what it starts in the background ignore SIGINT.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	return cmd.Run()
}
