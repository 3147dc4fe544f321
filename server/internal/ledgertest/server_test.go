//go:build linux || darwin

package ledgertest_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// binary is the program under test.
var binary = sync.OnceValues(func() (string, error) {
	path, err := filepath.Abs("../../../.cache/latchkey-with-a-ledger")
	if err != nil {
		return "", err
	}
	build := exec.Command("go", "build", "-ldflags=-s -w", "-o", path, "github.com/latchkey-auth/latchkey/server/cmd/latchkey")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// server is a program that is restarted after each kill.
type server struct {
	t           *testing.T
	environment []string
	arguments   []string
	// at is its address, or its last one while it is down.
	at      atomic.Value
	process *exec.Cmd
	log     lastLines
}

func newServer(t *testing.T, database string, environment ...string) *server {
	t.Helper()
	data, err := os.MkdirTemp("", "latchkey-ledger-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	s := &server{
		t: t, environment: environment,
		arguments: []string{"dev", "--listen", "127.0.0.1:0", "--data-dir", data, "--database-url", database},
	}
	t.Cleanup(s.kill)
	return s
}

func (s *server) url() string { return s.at.Load().(string) }

const startLimit = time.Minute

// start returns when the server answers.
func (s *server) start() {
	s.t.Helper()
	path, err := binary()
	if err != nil {
		s.t.Fatal(err)
	}
	cmd := exec.Command(path, s.arguments...)
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "LATCHKEY_") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Env = append(cmd.Env, s.environment...)
	cmd.Stderr = &s.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.process = cmd
	serves := make(chan string, 1)
	go func() {
		defer close(serves)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if fields := strings.Fields(lines.Text()); len(fields) == 2 && fields[0] == "Page" {
				serves <- strings.TrimSuffix(fields[1], "/")
				break
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	select {
	case url, ok := <-serves:
		if !ok {
			s.t.Fatalf("the server ends before it serves:\n%s", &s.log)
		}
		s.at.Store(url)
	case <-time.After(startLimit):
		s.t.Fatalf("the server does not start:\n%s", &s.log)
	}
}

// kill is kill -9.
func (s *server) kill() {
	if s.process == nil {
		return
	}
	_ = s.process.Process.Kill()
	_ = s.process.Wait()
	s.process = nil
}

// lastLines keeps the end of a log.
type lastLines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log.
func (l *lastLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	const kept = 16 << 10
	if l.text.Len() > kept {
		l.text.Reset()
	}
	return l.text.Write(p)
}

// String returns the kept lines.
func (l *lastLines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
