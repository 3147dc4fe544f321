//go:build linux || darwin

// Package clustertest gives a test a Postgres of its own, which it may stop, kill, restart, fill up or replace by a standby.
// Tests that do none of this use package dbtest, which is faster.
package clustertest

import (
	"context"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

// Cluster is a Postgres on a port that stays the same for as long as the test runs.
type Cluster struct {
	// URL names its database. The user is a superuser.
	URL string

	t        testing.TB
	dir      string
	port     int
	settings []string
	server   *devpg.Server
}

// New makes a cluster and starts it. It keeps what is committed although it is killed. The settings are written like "name=value".
func New(t testing.TB, settings ...string) *Cluster {
	t.Helper()
	return in(t, newDir(t), settings)
}

func in(t testing.TB, dir string, settings []string) *Cluster {
	t.Helper()
	c := &Cluster{t: t, dir: dir, port: freePort(t), settings: settings}
	t.Cleanup(func() {
		if c.server != nil {
			_ = c.server.Stop(context.Background())
		}
	})
	c.Start()
	c.URL = c.server.URL()
	return c
}

// Start starts a cluster that was stopped or killed, with further settings.
func (c *Cluster) Start(settings ...string) {
	c.t.Helper()
	server, err := devpg.Start(c.t.Context(), devpg.Options{
		Dir: c.dir, Durable: true, Port: c.port, Settings: slices.Concat(c.settings, settings),
	})
	if err != nil {
		c.t.Fatalf("start the cluster: %v", err)
	}
	c.server = server
}

// Stop shuts the cluster down the fast way: its clients are disconnected.
func (c *Cluster) Stop() {
	c.t.Helper()
	if err := c.server.Stop(context.Background()); err != nil {
		c.t.Fatalf("stop the cluster: %v", err)
	}
	c.server = nil
}

// Restart stops the cluster the fast way and starts it again.
func (c *Cluster) Restart(settings ...string) {
	c.t.Helper()
	c.Stop()
	c.Start(settings...)
}

// Kill ends the cluster as a power failure does, but for what the kernel has not written yet.
func (c *Cluster) Kill() {
	c.t.Helper()
	if err := syscall.Kill(c.postmaster(), syscall.SIGKILL); err != nil {
		c.t.Fatal(err)
	}
	_ = c.server.Stop(context.Background()) // it waits for the end, and releases the directory
	c.server = nil
}

// Alive reports whether the postmaster runs. It ends by itself when it cannot write its log of transactions.
func (c *Cluster) Alive() bool {
	return c.server != nil && syscall.Kill(c.postmaster(), 0) == nil
}

// Exec runs statements as the superuser, each on its own.
func (c *Cluster) Exec(statements ...string) {
	c.t.Helper()
	conn := c.connect()
	defer func() { _ = conn.Close(context.Background()) }()
	for _, s := range statements {
		if _, err := conn.Exec(c.t.Context(), s); err != nil {
			c.t.Fatalf("%s: %v", s, err)
		}
	}
}

// Query returns the one value that a statement selects, as text.
func (c *Cluster) Query(statement string) (value string) {
	c.t.Helper()
	conn := c.connect()
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(c.t.Context(), statement).Scan(&value); err != nil {
		c.t.Fatalf("%s: %v", statement, err)
	}
	return value
}

// Await waits until a statement selects true.
func (c *Cluster) Await(what, statement string) {
	c.t.Helper()
	conn := c.connect()
	defer func() { _ = conn.Close(context.Background()) }()
	ctx, cancel := context.WithTimeout(c.t.Context(), awaitTimeout)
	defer cancel()
	for {
		var reached bool
		if err := conn.QueryRow(ctx, statement).Scan(&reached); err != nil {
			c.t.Fatalf("wait until %s: %v", what, err)
		}
		if reached {
			return
		}
		<-time.After(10 * time.Millisecond)
	}
}

const awaitTimeout = 30 * time.Second

// As returns the URL for another role.
func (c *Cluster) As(role, password string) string {
	u, err := url.Parse(c.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	u.User = url.UserPassword(role, password)
	return u.String()
}

func (c *Cluster) connect() *pgx.Conn {
	c.t.Helper()
	conn, err := pgx.Connect(c.t.Context(), c.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	return conn
}

func (c *Cluster) postmaster() int {
	c.t.Helper()
	file, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(file), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		c.t.Fatal(err)
	}
	return pid
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// newDir makes a directory that Postgres' user can reach too when the test runs as root, unlike t.TempDir.
func newDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "latchkey-cluster-*")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// freePort returns a port below those that the kernel gives to clients, which could take it while the cluster is down.
func freePort(t testing.TB) int {
	t.Helper()
	for range 100 {
		port := 20_000 + rand.IntN(12_000)
		l, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		_ = l.Close()
		return port
	}
	t.Fatal("there is no free port")
	return 0
}
