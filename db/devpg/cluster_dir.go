//go:build linux || darwin

package devpg

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"
)

// The files in a clusterDir beside the cluster itself.
const (
	dataName     = "data"
	lockName     = "lock"
	passwordName = "password"
	logName      = "postgres.log"
)

// clusterDir is the directory of one cluster, locked while it
// is open.
type clusterDir struct {
	asked     string // what Options.Dir says, absolute
	dir       string // where the files are
	temporary bool
	lock      *os.File
	log       *serverLog
}

func openClusterDir(ctx context.Context, opts Options, acct *account) (_ *clusterDir, err error) {
	p := &clusterDir{temporary: opts.Dir == ""}
	if p.temporary {
		p.dir, err = temporaryDir(ctx, acct)
	} else {
		p.asked, p.dir, err = lastingDir(ctx, opts, acct)
	}
	if err != nil {
		return nil, err
	}
	// Postgres reports its own path without symlinks.
	if p.dir, err = filepath.EvalSymlinks(p.dir); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, p.close())
		}
	}()

	if p.lock, err = lockFile(filepath.Join(p.dir, lockName)); err != nil {
		if held, ok := errors.AsType[*heldError](err); ok {
			return nil, fmt.Errorf("the database in %s is in use by %s: stop that first, or use another directory", p.name(), held.holder())
		}
		return nil, p.foreign(err)
	}
	file, err := p.openFile(logName, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o644)
	if err != nil {
		return nil, err
	}
	p.log = &serverLog{file}
	if err := errors.Join(acct.own(p.lock.Chown), acct.own(file.Chown)); err != nil {
		return nil, err
	}
	if p.temporary {
		// The watchdog, which runs as the account, removes it if we cannot.
		err = acct.own(func(uid, gid int) error { return os.Chown(p.dir, uid, gid) })
	}
	return p, err
}

func temporaryDir(ctx context.Context, acct *account) (string, error) {
	var errs []error
	for _, parent := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if ok, err := acct.canEnter(ctx, parent); !ok {
			errs = append(errs, fmt.Errorf("%s: user %s cannot go there: %w", parent, acct.name, errors.Join(err, os.ErrPermission)))
			continue
		}
		dir, err := os.MkdirTemp(parent, "latchkey-pg-*")
		if err == nil {
			return dir, nil
		}
		errs = append(errs, err)
	}
	return "", fmt.Errorf("no temporary directory for Postgres: %w", errors.Join(errs...))
}

func lastingDir(ctx context.Context, opts Options, acct *account) (asked, dir string, err error) {
	asked, err = filepath.Abs(opts.Dir)
	if err != nil {
		return "", "", err
	}
	above := asked // or the nearest above it that exists
	info, err := os.Stat(above)
	for ; errors.Is(err, os.ErrNotExist); info, err = os.Stat(above) {
		above = filepath.Dir(above)
	}
	if err != nil {
		return "", "", err
	}
	if !info.IsDir() {
		return "", "", fmt.Errorf("no place for a database in %s: %s is not a directory", asked, above)
	}
	ok, err := acct.canEnter(ctx, above)
	if err != nil {
		return "", "", err
	}
	if ok {
		return asked, asked, makeDirs(asked)
	}
	dir = filepath.Join(opts.search.state, fmt.Sprintf("%x", sha256.Sum256([]byte(asked)))[:16])
	opts.Log.Info("the database lives elsewhere, because user "+acct.name+" cannot enter its directory",
		slog.String("asked", asked), slog.String("dir", dir))
	return asked, dir, makeDirs(dir)
}

// makeDirs is os.MkdirAll independent of the umask: other users must be able to pass through. Directories below it protect what
// they may not read.
func makeDirs(dir string) error {
	if isDir(dir) {
		return nil
	}
	if err := makeDirs(filepath.Dir(dir)); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o711); err != nil {
		if errors.Is(err, os.ErrExist) { // another process was quicker
			return nil
		}
		return err
	}
	return os.Chmod(dir, 0o711)
}

// name returns the directory for messages.
func (p *clusterDir) name() string {
	if p.temporary || p.asked == p.dir {
		return p.dir
	}
	return fmt.Sprintf("%s (files in %s)", p.asked, p.dir)
}

func (p *clusterDir) data() string { return filepath.Join(p.dir, dataName) }

// openFile refuses a symlink: the directory may belong to a less privileged user.
func (p *clusterDir) openFile(name string, flag int, perm os.FileMode) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(p.dir, name), flag|syscall.O_NOFOLLOW, perm)
	if err != nil {
		return nil, p.foreign(err)
	}
	return f, nil
}

func (p *clusterDir) foreign(err error) error {
	if errors.Is(err, os.ErrPermission) {
		return fmt.Errorf("the database in %s belongs to another user (was it made by root?): remove it, or use another directory: %w", p.name(), err)
	}
	return err
}

// close releases the lock, and removes a temporary directory.
func (p *clusterDir) close() error {
	var errs []error
	if p.log != nil {
		errs = append(errs, p.log.file.Close())
	}
	if p.temporary {
		errs = append(errs, os.RemoveAll(p.dir))
	}
	if p.lock != nil {
		errs = append(errs, unlock(p.lock))
	}
	return errors.Join(errs...)
}
