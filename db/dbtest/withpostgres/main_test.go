//go:build linux || darwin

package main

import (
	"bufio"
	"context"
	"errors"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/dbtest"
)

// asProgram makes the test binary the program itself.
const asProgram = "WITHPOSTGRES_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program runs a line of shell below a Postgres. The line sees no server of the tests that run here.
func program(t *testing.T, line string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "sh", "-c", line)
	cmd.Env = append(os.Environ(), asProgram+"=1", dbtest.ServerVariable+"=")
	cmd.Stderr = os.Stderr // a file: what outlives the program would keep a pipe open, and Wait waiting
	return cmd
}

const tellServer = `echo "$` + dbtest.ServerVariable + `"`

func TestTheServerEndsAfterTheCommand(t *testing.T) {
	t.Parallel()
	cmd := program(t, tellServer+"; read -r line; exit 7")
	in, err := cmd.StdinPipe()
	must(t, err)
	server := started(t, cmd)
	if !answers(t, server) {
		t.Error("there is no server while the command runs")
	}

	must(t, in.Close())
	err = cmd.Wait()

	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != 7 {
		t.Errorf("the command's exit code is lost: %v", err)
	}
	if answers(t, server) {
		t.Error("the server outlives the command")
	}
}

func TestAnInterruptEndsBoth(t *testing.T) {
	t.Parallel()
	// The shell starts a further program, as go test does.
	cmd := program(t, tellServer+"; sleep 600; echo too late")
	server := started(t, cmd)

	must(t, cmd.Process.Signal(os.Interrupt))

	if err := cmd.Wait(); err == nil {
		t.Error("an interrupted run looks like a good one")
	}
	if answers(t, server) {
		t.Error("the server outlives the interrupt")
	}
}

func TestTheServerEndsWhenTheProgramIsKilled(t *testing.T) {
	t.Parallel()
	cmd := program(t, tellServer+"; read -r line")
	in, err := cmd.StdinPipe()
	must(t, err)
	defer func() { _ = in.Close() }()
	server := started(t, cmd)

	must(t, cmd.Process.Kill())
	_ = cmd.Wait()

	deadline := time.Now().Add(time.Minute)
	for answers(t, server) {
		if time.Now().After(deadline) {
			t.Fatal("the server outlives the program")
		}
	}
}

// started starts the program and gives the URL that the command tells.
func started(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	server, err := url.Parse(strings.TrimSpace(line))
	must(t, err)
	return server.String()
}

func answers(t *testing.T, server string) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return false
	}
	return conn.Close(ctx) == nil
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
