//go:build linux || darwin

package devpg_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

// helperDir makes the test binary a program that starts a server in that directory; "-" means a temporary directory.
const helperDir = "DEVPG_HELPER_DIR"

// help prints the URL, the description and what a session looks like, and goes
// on until its input ends. It never stops its server.
func help() int {
	ctx := context.Background()
	s, err := devpg.Start(ctx, devpg.Options{Dir: strings.TrimPrefix(os.Getenv(helperDir), "-")})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	conn, err := pgx.Connect(ctx, s.URL())
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var session string
	err = conn.QueryRow(ctx, `SELECT concat_ws(' ', current_user, current_database(), current_setting('timezone'),
		current_setting('search_path'), current_setting('lc_messages'))`).Scan(&session)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	conn.Close(ctx)
	fmt.Printf("%s\n%s\n%s\n", s.URL(), s.Describe(), session)
	io.Copy(io.Discard, os.Stdin)
	return 0
}

type helper struct {
	cmd     *exec.Cmd
	in      io.Closer
	out     *bufio.Reader
	url     string
	files   string
	session string
}

// launchHelper does not wait for its server.
func launchHelper(t *testing.T, dir string, env ...string) *helper {
	t.Helper()
	h := &helper{cmd: exec.Command(os.Args[0])}
	h.cmd.Env = append(append(os.Environ(), helperDir+"="+dir), env...)
	h.cmd.Stderr = t.Output()
	in, err := h.cmd.StdinPipe()
	must(t, err)
	out, err := h.cmd.StdoutPipe()
	must(t, err)
	must(t, h.cmd.Start())
	h.in, h.out = in, bufio.NewReader(out)
	t.Cleanup(func() { h.kill() })
	return h
}

func (h *helper) ready(t *testing.T) *helper {
	t.Helper()
	var lines [3]string
	for i := range lines {
		line, err := h.out.ReadString('\n')
		if err != nil {
			t.Fatalf("the helper process did not start a server: %v", err)
		}
		lines[i] = strings.TrimSuffix(line, "\n")
	}
	h.url, h.session = lines[0], lines[2]
	_, h.files, _ = strings.Cut(lines[1], "files in ")
	return h
}

// kill is kill -9, and waits. A second time it does nothing.
func (h *helper) kill() {
	if h.cmd.ProcessState == nil {
		h.cmd.Process.Kill()
		h.cmd.Wait()
	}
}
