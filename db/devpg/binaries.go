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
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// oldest is the first version that supports every option used here.
const oldest = 14

// binaries is a directory with initdb and postgres.
type binaries struct {
	dir     string
	version string
	major   int
}

// findBinaries returns the first suitable binaries. If a cluster exists (major is not 0), they must have its major version, since
// no other can open it.
func findBinaries(ctx context.Context, opts Options, acct *account, p *clusterDir, major int) (binaries, error) {
	var unfit []string
	for _, dir := range opts.search.directories() {
		b, err := probe(ctx, acct, dir)
		if err != nil {
			opts.Log.Info("skipping PostgreSQL binaries that do not run", slog.String("dir", dir), slog.Any("error", err))
			continue
		}
		if b.major == major || major == 0 && b.major >= oldest {
			return b, nil
		}
		unfit = append(unfit, fmt.Sprintf("%s in %s", b.version, dir))
	}
	if major == 0 || major == npmMajor {
		return fetchBinaries(ctx, opts, acct)
	}
	found := "found no PostgreSQL at all"
	if unfit != nil {
		found = "found only " + strings.Join(unfit, ", ")
	}
	return binaries{}, fmt.Errorf("the database in %s was made by PostgreSQL %d, %s: install PostgreSQL %d, or remove the directory to begin with an empty database", p.name(), major, found, major)
}

// directories returns the directories that contain both programs, each once, in the order of preference.
func (s *search) directories() []string {
	dirs := filepath.SplitList(s.path)
	for _, pattern := range s.patterns {
		dirs = append(dirs, newestFirst(pattern)...)
	}
	var found []string
	for _, dir := range dirs {
		if filepath.IsAbs(dir) && !slices.Contains(found, dir) && isFile(filepath.Join(dir, "initdb")) && isFile(filepath.Join(dir, "postgres")) {
			found = append(found, dir)
		}
	}
	return found
}

func newestFirst(pattern string) []string {
	before, after, starred := strings.Cut(pattern, "*")
	if !starred {
		return []string{pattern}
	}
	dirs, _ := filepath.Glob(pattern) // fails for bad patterns only
	number := func(dir string) int {
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimPrefix(dir, before), after))
		return n
	}
	slices.SortStableFunc(dirs, func(a, b string) int { return number(b) - number(a) })
	return dirs
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

var versionLine = regexp.MustCompile(`\(PostgreSQL\) ((\d+)\S*)`)

// probe runs the server as the account. That shows whether it may run, whether its libraries exist, and which version it is.
func probe(ctx context.Context, acct *account, dir string) (binaries, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version")
	cmd.Dir = "/"
	cmd.Env = cleanEnv()
	cmd.SysProcAttr = acct.apply(&syscall.SysProcAttr{})
	out, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return binaries{}, fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	if err != nil {
		return binaries{}, err
	}
	m := versionLine.FindSubmatch(out)
	if m == nil {
		return binaries{}, fmt.Errorf("postgres --version says %q", out)
	}
	major, err := strconv.Atoi(string(m[2]))
	return binaries{dir: dir, version: string(m[1]), major: major}, err
}
