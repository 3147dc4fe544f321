package main_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// binary is the program under test, built once, without what debuggers need: linking that takes longest. It stays, so that
// it is linked anew only when something of it has changed.
var binary = sync.OnceValues(func() (string, error) {
	path, err := filepath.Abs("../../../.cache/latchkey-under-test")
	if err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, ".").CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if usedData != "" {
		_ = os.RemoveAll(usedData)
	}
	os.Exit(code)
}

// command prepares a run with an environment in which nothing of ours is set.
func command(t *testing.T, environment []string, arguments ...string) *exec.Cmd {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, arguments...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "LATCHKEY_") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Env = append(cmd.Env, environment...)
	return cmd
}

// output runs a command to its end.
func output(t *testing.T, environment []string, arguments ...string) (stdout, stderr string, code int) {
	t.Helper()
	cmd := command(t, environment, arguments...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	_ = cmd.Run()
	return out.String(), errs.String(), cmd.ProcessState.ExitCode()
}

// dataDir is a folder that the user whom Postgres runs as can reach too, when the test runs as root.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "latchkey-data-*")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

var (
	usedData     string
	makeUsedData sync.Once
)

// usedDataDir is a data directory in which `latchkey dev` ran once and was stopped. Where a test is not about a first start,
// copying one costs a tenth of it.
func usedDataDir(t *testing.T) string {
	t.Helper()
	makeUsedData.Do(func() {
		// Not the test's own: it outlives the test that comes first.
		dir, err := os.MkdirTemp("", "latchkey-used-*")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		d := startDev(t, dir)
		if err := d.interrupt(); err != nil {
			t.Fatalf("Ctrl-C ends it with %v:\n%s", err, d.output)
		}
		usedData = dir
	})
	if usedData == "" {
		t.Fatal("another test could not make the data directory to copy")
	}
	dir := dataDir(t)
	if out, err := exec.Command("cp", "-Rp", usedData+"/.", dir).CombinedOutput(); err != nil {
		t.Fatalf("copy %s: %v\n%s", usedData, err, out)
	}
	return dir
}

// dev is a running `latchkey dev`.
type dev struct {
	t   *testing.T
	cmd *exec.Cmd
	// url is where it said that the page is.
	url   string
	began time.Time
	// took is the time from the start until it said so.
	took   time.Duration
	ended  chan struct{}
	err    error
	output *lines
}

const startLimit = 2 * time.Minute

// startDev starts `latchkey dev` on a free port and waits until it says where it is.
func startDev(t *testing.T, data string, arguments ...string) *dev {
	t.Helper()
	d := launchDev(t, data, nil, arguments...)
	d.awaitStart()
	return d
}

// launchDev starts `latchkey dev` on a free port, and does not wait for it.
func launchDev(t *testing.T, data string, environment []string, arguments ...string) *dev {
	t.Helper()
	arguments = append([]string{"dev", "--listen", "127.0.0.1:0", "--data-dir", data}, arguments...)
	d := &dev{t: t, cmd: command(t, environment, arguments...), ended: make(chan struct{}), output: newLines(), began: time.Now()}
	// In a process group like that of a shell: a signal to the group is then the same as Ctrl-C.
	d.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	d.cmd.Stdout, d.cmd.Stderr = d.output, d.output
	if err := d.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		d.err = d.cmd.Wait()
		close(d.ended)
	}()
	t.Cleanup(func() {
		_ = d.cmd.Process.Kill()
		<-d.ended
	})
	return d
}

// awaitStart waits until it says where it is.
func (d *dev) awaitStart() {
	d.t.Helper()
	page := d.awaitLine("  Page")
	d.took = time.Since(d.began)
	d.url = strings.TrimSuffix(strings.Fields(page)[1], "/")
}

func (d *dev) awaitLine(prefix string) string {
	d.t.Helper()
	return d.await("a line "+prefix, func(line string) bool { return strings.HasPrefix(line, prefix) })
}

func (d *dev) awaitLineWith(part string) string {
	d.t.Helper()
	return d.await(part, func(line string) bool { return strings.Contains(line, part) })
}

func (d *dev) await(what string, matches func(line string) bool) string {
	d.t.Helper()
	timeout := time.NewTimer(startLimit)
	defer timeout.Stop()
	for {
		line, more := d.output.find(matches)
		if line != "" {
			return line
		}
		select {
		case <-more:
		case <-d.ended:
			d.t.Fatalf("latchkey dev ended: %v\n%s", d.err, d.output)
		case <-timeout.C:
			d.t.Fatalf("latchkey dev does not say %q:\n%s", what, d.output)
		}
	}
}

// interrupt does what Ctrl-C does, and waits for the end.
func (d *dev) interrupt() error {
	d.t.Helper()
	if err := syscall.Kill(-d.cmd.Process.Pid, syscall.SIGINT); err != nil {
		d.t.Fatal(err)
	}
	return d.awaitEnd()
}

func (d *dev) awaitEnd() error {
	d.t.Helper()
	select {
	case <-d.ended:
		return d.err
	case <-time.After(startLimit):
		d.t.Fatalf("latchkey dev does not end:\n%s", d.output)
		return nil
	}
}

func (d *dev) get(path string, header ...string) *http.Response {
	d.t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, d.url+path, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := (&http.Client{Timeout: time.Minute}).Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// lines collects what a program prints.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{}
}

func newLines() *lines { return &lines{more: make(chan struct{})} }

// Write takes what the program prints.
func (l *lines) Write(data []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	close(l.more)
	l.more = make(chan struct{})
	return l.text.Write(data)
}

// String returns the whole text.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// find returns the first whole line that matches, or a channel that is closed when there is more.
func (l *lines) find(matches func(line string) bool) (string, <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	whole := l.text.Bytes()[:bytes.LastIndexByte(l.text.Bytes(), '\n')+1]
	scanner := bufio.NewScanner(bytes.NewReader(whole))
	for scanner.Scan() {
		if matches(scanner.Text()) {
			return scanner.Text(), l.more
		}
	}
	return "", l.more
}
