//go:build linux || darwin

package devpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

const (
	readyLimit = 30 * time.Second
	portTries  = 10
)

// startPostmaster starts a postmaster, and retries if it loses the port to another process, or if the rest of a killed postmaster
// has not gone yet.
func (l *local) startPostmaster(ctx context.Context) (port int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, readyLimit, fmt.Errorf("Postgres was not ready within %s", readyLimit))
	defer cancel()
	for taken := 0; ; {
		if err := l.clusterDir.endOrphan(ctx, l.opts.Log); err != nil {
			return 0, err
		}
		if port, err = l.port(); err != nil {
			return 0, err
		}
		mark, err := l.clusterDir.log.mark()
		if err != nil {
			return 0, err
		}
		if err = l.launch(ctx, port); err == nil {
			return port, nil
		}
		printed := l.clusterDir.log.since(mark)
		switch {
		case strings.Contains(printed, "could not bind") && l.opts.Port == 0 && taken < portTries:
			taken++
			l.opts.Log.Info("the port is taken, trying another", slog.Int("port", port))
		case strings.Contains(printed, "is still in use"), strings.Contains(printed, `"postmaster.pid" already exists`):
			if pause(ctx, 50*time.Millisecond) != nil {
				return 0, fmt.Errorf("start Postgres: %w\n%s", err, printed)
			}
		default:
			return 0, fmt.Errorf("start Postgres: %w\n%s", err, printed)
		}
	}
}

// port returns the configured port, or a free one.
func (l *local) port() (int, error) {
	if l.opts.Port != 0 {
		return l.opts.Port, nil
	}
	return l.opts.search.port()
}

// launch starts one postmaster and waits until it answers. If it fails, it leaves none running.
func (l *local) launch(ctx context.Context, port int) (err error) {
	argv := append([]string{filepath.Join(l.binaries.dir, "postgres"), "-D", l.clusterDir.data()}, l.settings(port)...)
	l.postmaster, err = startChild(l.account, l.clusterDir, argv)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			now, cancel := context.WithCancel(context.WithoutCancel(ctx))
			cancel()
			_ = l.postmaster.stop(now) // the earlier error matters more
		}
	}()
	if err := l.awaitReady(ctx); err != nil {
		return err
	}
	if l.url, err = l.connectionURL(port); err != nil {
		return err
	}
	return l.ensureDatabase(ctx)
}

// settings are passed at every start rather than written to postgresql.conf, so that a cluster follows the program that uses it.
func (l *local) settings(port int) []string {
	connections := l.opts.MaxConnections
	if connections == 0 {
		connections = 200
	}
	set := []string{
		"listen_addresses=127.0.0.1",
		"port=" + strconv.Itoa(port),
		"unix_socket_directories=", // a socket's path is limited to about 100 bytes
		"max_connections=" + strconv.Itoa(connections),
		"shared_buffers=32MB",
		"jit=off",
		"timezone=UTC",
		"log_timezone=UTC",
		"logging_collector=off",
		"log_destination=stderr",
	}
	if !l.opts.Durable {
		set = append(set, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	var argv []string
	for _, s := range append(set, l.opts.Settings...) {
		argv = append(argv, "-c", s)
	}
	return argv
}

// awaitReady reads the postmaster's status from its pid file: on the port, another process could answer that has just taken it.
func (l *local) awaitReady(ctx context.Context) error {
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for {
		select {
		case <-l.postmaster.exited:
			if l.postmaster.err != nil {
				return fmt.Errorf("it ended: %w", l.postmaster.err)
			}
			return errors.New("it ended")
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
		b, err := os.ReadFile(filepath.Join(l.clusterDir.data(), pidName))
		if err != nil {
			continue // not written yet
		}
		lines := strings.Split(string(b), "\n")
		if len(lines) > 7 && lines[0] == strconv.Itoa(l.postmaster.cmd.Process.Pid) && acceptsConnections(strings.TrimSpace(lines[7])) {
			return nil
		}
	}
}

// acceptsConnections reports whether a postmaster with this status in its pid file answers queries; a standby does.
func acceptsConnections(status string) bool { return status == "ready" || status == "standby" }
