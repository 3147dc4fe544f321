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

// endOrphan sees to a postmaster.pid that an earlier run has left. We hold the
// directory's lock, so a postmaster of this cluster that still lives has lost its
// owner: it is ended. Any other process merely got the number of one that is
// dead: Postgres would refuse to start because of it, so the file goes.
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

// firstLine of an empty or unreadable file is pid 0, which no postmaster has.
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
