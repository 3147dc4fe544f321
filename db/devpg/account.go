//go:build linux || darwin

package devpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is the user as which initdb and postgres run; nil is the current user.
type account struct {
	name   string
	uid    uint32
	gid    uint32
	groups []uint32
}

// accountFor returns the account to use instead of root, whom Postgres refuses. If dir has a cluster, it is the cluster's owner,
// because no other user could open it.
func accountFor(ctx context.Context, dir string) (*account, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	a, err := ownerOf(dir)
	if err != nil {
		return nil, err
	}
	if a == nil {
		if a, err = unprivileged(); err != nil {
			return nil, err
		}
	}
	if _, err := a.canEnter(ctx, "/"); err != nil {
		return nil, fmt.Errorf("Postgres refuses to run as root, and this root may not become user %s: run as an ordinary user, or set LATCHKEY_DATABASE_URL: %w", a.name, err)
	}
	return a, nil
}

func ownerOf(dir string) (*account, error) {
	if dir == "" {
		return nil, nil
	}
	info, err := os.Stat(filepath.Join(dir, dataName))
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	st := info.Sys().(*syscall.Stat_t)
	if st.Uid == 0 {
		return nil, nil
	}
	if u, err := user.LookupId(strconv.FormatUint(uint64(st.Uid), 10)); err == nil {
		return newAccount(u)
	}
	return &account{name: fmt.Sprintf("%d", st.Uid), uid: st.Uid, gid: st.Gid, groups: []uint32{st.Gid}}, nil
}

func unprivileged() (*account, error) {
	for _, name := range []string{"postgres", "_postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return newAccount(u)
		}
	}
	return nil, errors.New("Postgres refuses to run as root, and there is no user postgres and no user nobody: add one (useradd --system postgres), or run as an ordinary user")
}

func newAccount(u *user.User) (*account, error) {
	uid, err := parseID(u.Uid)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	gid, err := parseID(u.Gid)
	if err != nil {
		return nil, fmt.Errorf("user %s: %w", u.Username, err)
	}
	a := &account{name: u.Username, uid: uid, gid: gid, groups: []uint32{gid}}
	ids, err := u.GroupIds()
	if err != nil {
		return a, nil //nolint:nilerr // its own group is enough
	}
	for _, id := range ids {
		if g, err := parseID(id); err == nil && g != gid {
			a.groups = append(a.groups, g)
		}
	}
	return a, nil
}

// parseID also accepts -2, the id of the unprivileged user on macOS.
func parseID(s string) (uint32, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	return uint32(n), err
}

// apply makes cmd run as the account, without root's groups.
func (a *account) apply(attr *syscall.SysProcAttr) *syscall.SysProcAttr {
	if a != nil {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: a.groups}
	}
	return attr
}

// own changes the owner of a file to the account.
func (a *account) own(chown func(uid, gid int) error) error {
	if a == nil {
		return nil
	}
	return chown(int(a.uid), int(a.gid))
}

// canEnter reports whether the account can enter a directory. It tries it, since permission bits do not cover access lists,
// network file systems and mounts.
func (a *account) canEnter(ctx context.Context, dir string) (bool, error) {
	if a == nil {
		return true, nil
	}
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", `cd "$1"`, "sh", dir)
	cmd.Dir = "/"
	cmd.Env = cleanEnv()
	cmd.SysProcAttr = a.apply(&syscall.SysProcAttr{})
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		return false, nil
	}
	return err == nil, err
}

// cleanEnv keeps what is needed to find libraries. The caller's PG* and locale variables would change what initdb and the server
// do.
func cleanEnv() []string {
	env := []string{"LC_ALL=C", "TZ=UTC", "PATH=" + os.Getenv("PATH") + ":/usr/bin:/bin"}
	for _, name := range []string{"LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}
