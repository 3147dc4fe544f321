// Package redistest runs a real Redis for a test.
package redistest

import (
	"context"
	_ "embed" // the installation
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

//go:embed install.sh
var install string

// installTimeout allows for a slow mirror.
const installTimeout = 3 * time.Minute

// program is the path of Redis or Valkey, or empty. If there is none, Debian's package is installed, where that is possible.
var program = sync.OnceValues(func() (string, error) {
	if path := look(); path != "" {
		return path, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), installTimeout)
	defer cancel()
	advice, err := exec.CommandContext(ctx, "sh", "-c", install).CombinedOutput()
	if path := look(); path != "" {
		return path, nil
	}
	return "", errors.Join(err, errors.New(strings.TrimSpace(string(advice))))
})

func look() string {
	for _, name := range []string{"redis-server", "valkey-server"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// Server is a Redis on a free port of the loopback interface. It keeps nothing on disk.
type Server struct {
	// Address is where it listens. It does not change after a restart.
	Address string

	t       testing.TB
	program string
	options []string
	dir     string
	process *exec.Cmd
	// lifeline ends the process when it is closed, and so when the test program ends, for any reason.
	lifeline io.Closer
}

// whileHeld runs a program until the standard input ends.
const whileHeld = `"$@" & read -r _; kill -9 $!; wait`

// Start runs a Redis until the test ends, with further options of its command line. If there is none and none can be installed,
// the test is skipped.
func Start(t testing.TB, options ...string) *Server {
	t.Helper()
	path, err := program()
	if path == "" {
		t.Skipf("there is no Redis: %v", err)
	}
	dir, err := os.MkdirTemp("", "latchkey-redis-")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Address: free(t), t: t, program: path, options: options, dir: dir}
	t.Cleanup(func() {
		s.Stop()
		if err := os.RemoveAll(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Error(err)
		}
	})
	s.StartAgain()
	return s
}

// URL returns the value for LATCHKEY_REDIS_URL.
func (s *Server) URL() string { return "redis://" + s.Address }

// StartAgain starts it after Stop, at the same address.
func (s *Server) StartAgain() {
	s.t.Helper()
	host, port, _ := net.SplitHostPort(s.Address)
	s.process = exec.Command("sh", append([]string{
		"-c", whileHeld, "sh", s.program, "--bind", host, "--port", port, "--dir", s.dir,
		"--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", "redis.log",
	}, s.options...)...)
	lifeline, err := s.process.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	s.lifeline = lifeline
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	deadline := time.After(20 * time.Second)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		if answer, err := s.ask("PING"); err == nil && (strings.HasPrefix(answer, "+PONG") || strings.HasPrefix(answer, "-NOAUTH")) {
			return
		}
		select {
		case <-again.C:
		case <-deadline:
			log, _ := os.ReadFile(s.dir + "/redis.log")
			s.t.Fatalf("Redis does not answer:\n%s", log)
		}
	}
}

// Stop kills it, like a crash. If it is not running, Stop does nothing.
func (s *Server) Stop() {
	s.t.Helper()
	if s.process == nil {
		return
	}
	_ = s.lifeline.Close()
	_ = s.process.Wait() // it was killed, and says so
	s.process = nil
}

// Do sends one command, in the form of the command line, and returns the raw response.
func (s *Server) Do(command string) string {
	s.t.Helper()
	answer, err := s.ask(command)
	if err != nil {
		s.t.Fatalf("%s: %v", command, err)
	}
	return answer
}

func (s *Server) ask(command string) (string, error) {
	conn, err := net.DialTimeout("tcp", s.Address, time.Second)
	if err != nil {
		return "", err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return "", err
	}
	if _, err := conn.Write([]byte(command + "\r\n")); err != nil {
		return "", err
	}
	buffer := make([]byte, 4096)
	n, err := conn.Read(buffer)
	return string(buffer[:n]), err
}

// Ports below those that systems use for outgoing connections (from 32768 on Linux, from 49152 by RFC 6335). This also holds for
// the second port of a cluster member, which is ten thousand higher.
const (
	firstPort = 10000
	lastPort  = 22000
	busOffset = 10000
)

// free finds a port that stays free while the server is stopped. A port from the system would not: the system may use it for the
// next outgoing connection, even one to that very port.
func free(t testing.TB) string {
	t.Helper()
	for range 100 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		if isFree(port) && isFree(port+busOffset) {
			return address(port)
		}
	}
	t.Fatal("there is no free port")
	return ""
}

func isFree(port int) bool {
	listener, err := net.Listen("tcp", address(port))
	if err != nil {
		return false
	}
	_ = listener.Close()
	return true
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
