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
	"syscall"
	"time"
)

// unfinished is the prefix of clusters that initdb has not completed.
const unfinished = dataName + ".new-"

// clusterMajor returns the major version of the cluster, or 0 if there is none. A cluster gets its name when it is complete, so
// one without essential files is damaged or foreign. It is renamed, never removed.
func (p *clusterDir) clusterMajor(log *slog.Logger) (int, error) {
	if _, err := os.Lstat(p.data()); errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	version, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if err == nil {
		_, err = os.Stat(filepath.Join(p.data(), "global", "pg_control"))
	}
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return 0, p.setAside(log)
	}
	if err != nil {
		return 0, p.foreign(err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(version)))
	if err != nil {
		return 0, fmt.Errorf("%s is not a cluster of PostgreSQL %d or newer: use another directory", p.data(), oldest)
	}
	return major, nil
}

func (p *clusterDir) setAside(log *slog.Logger) error {
	for n := 1; ; n++ {
		aside := fmt.Sprintf("%s.broken-%d", p.data(), n)
		if _, err := os.Lstat(aside); err == nil {
			continue
		}
		log.Warn("the database is incomplete: it is set aside and an empty one is made", slog.String("dir", p.dir), slog.String("aside", aside))
		return os.Rename(p.data(), aside)
	}
}

// makeCluster runs initdb under a temporary name and renames the result. If it is interrupted, there is a complete cluster or
// none.
func (p *clusterDir) makeCluster(ctx context.Context, opts Options, acct *account, b binaries) (err error) {
	left, _ := filepath.Glob(filepath.Join(p.dir, unfinished+"*")) // fails for bad patterns only
	for _, dir := range left {
		os.RemoveAll(dir) // a dying initdb may still write there; the next start tries again
	}
	fresh, err := os.MkdirTemp(p.dir, unfinished+"*")
	if err != nil {
		return p.foreign(err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(fresh))
		}
	}()
	if err := acct.own(func(uid, gid int) error { return os.Chown(fresh, uid, gid) }); err != nil {
		return err
	}

	opts.Log.Info("making a database cluster", slog.String("dir", p.dir), slog.String("version", b.version))
	args := []string{
		filepath.Join(b.dir, "initdb"), "--pgdata", fresh,
		"--username", superuser, "--pwfile", filepath.Join(p.dir, passwordName), "--auth", "scram-sha-256",
		"--encoding", "UTF8", "--locale", "C", "--no-instructions",
	}
	if !opts.Durable {
		args = append(args, "--no-sync")
	}
	mark, err := p.log.mark()
	if err != nil {
		return err
	}
	initdb, err := startChild(acct, p, args)
	if err != nil {
		return fmt.Errorf("start initdb: %w", err)
	}
	select {
	case <-initdb.exited:
		err = initdb.err
	case <-ctx.Done():
		err = errors.Join(context.Cause(ctx), initdb.end(syscall.SIGTERM, 5*time.Second))
	}
	if err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, p.log.since(mark))
	}
	return os.Rename(fresh, p.data())
}
