//go:build linux || darwin

package devpg_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

// TestMain gives the tests a temporary directory, and fails if they leave a file or a process behind.
func TestMain(m *testing.M) {
	if os.Getenv(helperDir) != "" {
		os.Exit(help())
	}
	base, err := os.MkdirTemp("", "devpg-test-")
	if err == nil {
		err = os.Chmod(base, 0o777|os.ModeSticky) // as /tmp: Postgres is not root
	}
	if err == nil {
		err = os.Setenv("TMPDIR", base)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(usedName())
	if left := leftBehind(base); left != "" {
		fmt.Fprintf(os.Stderr, "left behind:\n%s\n", left)
		code = 1
	}
	os.RemoveAll(base)
	os.Exit(code)
}

func leftBehind(base string) string {
	var left []string
	for range 200 {
		left, _ = filepath.Glob(filepath.Join(base, "*"))
		processes, _ := exec.Command("ps", "-A", "-ww", "-o", "pid=,args=").Output()
		for line := range strings.Lines(string(processes)) {
			if strings.Contains(line, base) {
				left = append(left, strings.TrimSpace(line))
			}
		}
		if left == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	return strings.Join(left, "\n")
}

// newDir is a directory that user postgres can reach too, unlike t.TempDir.
func newDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "dir-*")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	must(t, os.Chmod(dir, 0o755))
	dir, err = filepath.EvalSymlinks(dir)
	must(t, err)
	return dir
}

// used is a directory whose server was started once, and stopped.
var used = sync.OnceValues(func() (string, error) {
	s, err := devpg.Start(context.Background(), devpg.Options{Dir: usedName()})
	if err != nil {
		return "", err
	}
	return usedName(), s.Stop(context.Background())
})

// usedName is known before, so that TestMain need not make one to remove it.
func usedName() string { return filepath.Join(os.TempDir(), "used") }

// usedDir is a directory with a cluster that is empty but not new. Where a test is not about how a cluster is made, copying
// one is ten times cheaper.
func usedDir(t *testing.T) string {
	t.Helper()
	from, err := used()
	must(t, err)
	dir := newDir(t)
	must(t, exec.Command("cp", "-Rp", from+"/.", dir).Run())
	return dir
}

func start(t *testing.T, o devpg.Options) *devpg.Server {
	t.Helper()
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	s, err := devpg.Start(t.Context(), o)
	must(t, err)
	t.Cleanup(func() { must(t, s.Stop(context.Background())) })
	return s
}

func startFails(t *testing.T, o devpg.Options, wants ...string) {
	t.Helper()
	s, err := devpg.Start(t.Context(), o)
	if err == nil {
		s.Stop(context.Background())
		t.Fatalf("started %s", s.Describe())
	}
	for _, want := range wants {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not say %q", err, want)
		}
	}
}

func stop(t *testing.T, s *devpg.Server) {
	t.Helper()
	must(t, s.Stop(context.Background()))
}

// query returns one value as text.
func query(t *testing.T, url, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer conn.Close(context.Background())
	var value string
	must(t, conn.QueryRow(t.Context(), sql).Scan(&value))
	return value
}

// remember writes what [remembers] reads.
func remember(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	must(t, err)
	defer conn.Close(context.Background())
	_, err = conn.Exec(t.Context(), `CREATE TABLE kept AS SELECT '열쇠' AS word`)
	must(t, err)
}

func remembers(t *testing.T, url string) {
	t.Helper()
	if got := query(t, url, `SELECT word FROM kept`); got != "열쇠" {
		t.Errorf("the data are %q", got)
	}
}

func postmaster(t *testing.T, dir string) int {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "data", "postmaster.pid"))
	must(t, err)
	line, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(line)
	must(t, err)
	return pid
}

// alive does not count a process that waits for its parent to ask how it ended.
func alive(pid int) bool {
	out, err := exec.Command("ps", "-o", "stat=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && !strings.HasPrefix(strings.TrimSpace(string(out)), "Z")
}

func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: not so after 30 seconds", what)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	must(t, syscall.Kill(pid, syscall.SIGKILL))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// logged is a log that can be read while it is written.
type logged struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logged) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(b)
}

func (l *logged) says(text string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.b.String(), text)
}

func (l *logged) logger() *slog.Logger { return slog.New(slog.NewTextHandler(l, nil)) }
