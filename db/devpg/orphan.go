//go:build linux || darwin

package devpg

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const pidName = "postmaster.pid"

// endOrphan handles a postmaster.pid of an earlier run. We hold the directory's lock, so a running postmaster of this cluster has
// lost its owner, and is stopped. Any other process has only got the number of a dead postmaster. Postgres would refuse to start
// because of it, so the file is removed.
func (p *clusterDir) endOrphan(ctx context.Context, log *slog.Logger) error {
	path := filepath.Join(p.data(), pidName)
	pid, err := firstLine(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if isPostmaster(pid, p.data()) {
		log.Info("ending the Postgres that an earlier process left", slog.Int("pid", pid), slog.String("dir", p.dir))
		if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("Postgres (process %d) still runs in %s and cannot be stopped: %w", pid, p.dir, err)
		}
		for isPostmaster(pid, p.data()) {
			if err := pause(ctx, 10*time.Millisecond); err != nil {
				return fmt.Errorf("Postgres (process %d) still runs in %s and does not stop: %w", pid, p.dir, err)
			}
		}
	} else if syscall.Kill(pid, 0) == nil {
		log.Info("removing a stale postmaster.pid, its number belongs to another process now", slog.Int("pid", pid), slog.String("dir", p.dir))
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// firstLine returns the pid in a file. For an empty or unreadable file it is 0, which no postmaster has.
func firstLine(path string) (int, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	line, _ := bufio.NewReader(f).ReadString('\n')
	pid, _ := strconv.Atoi(strings.TrimSpace(line))
	return max(pid, 0), nil
}
