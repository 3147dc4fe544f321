//go:build linux || darwin

package devpg_test

import (
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/latchkey-auth/latchkey/db/devpg"
)

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root becomes somebody else")
	}
}

func TestStart_RootDropsRights(t *testing.T) {
	t.Parallel()
	needRoot(t)
	made, err := used()
	must(t, err)
	dir := usedDir(t)
	start(t, devpg.Options{Dir: dir})

	out, err := exec.Command("ps", "-o", "uid=,gid=", "-p", strconv.Itoa(postmaster(t, dir))).Output()

	must(t, err)
	for _, id := range strings.Fields(string(out)) {
		if id == "0" {
			t.Errorf("uid and gid are %s", out)
		}
	}
	if groups, err := os.ReadFile("/proc/" + strconv.Itoa(postmaster(t, dir)) + "/status"); err == nil {
		_, after, _ := strings.Cut(string(groups), "Groups:\t")
		line, _, _ := strings.Cut(after, "\n")
		if strings.HasPrefix(line, "0 ") || strings.Contains(line, " 0 ") {
			t.Errorf("root's group is among %s", line)
		}
	}
	if owner(t, made) != 0 || owner(t, filepath.Join(made, "data")) == 0 {
		t.Error("the directory is not root's, or the cluster is")
	}
}

func TestStart_RootUnreachableDir(t *testing.T) {
	t.Parallel()
	needRoot(t)
	private, state := newDir(t), newDir(t)
	must(t, os.Chmod(private, 0o700))
	dir := filepath.Join(private, "below", "it")
	var log logged
	first := start(t, devpg.WithState(devpg.Options{Dir: dir, Log: log.logger()}, state))
	remember(t, first.URL())

	if !strings.Contains(first.Describe(), "files in "+state) || !log.says("is in another directory") || !log.says(state) {
		t.Errorf("no line says that %q is not in %s", first.Describe(), dir)
	}
	if exists(private, "*") {
		t.Errorf("something was made in %s", private)
	}
	startFails(t, devpg.WithState(devpg.Options{Dir: dir}, state), dir, state, "in use")
	stop(t, first)
	remembers(t, start(t, devpg.WithState(devpg.Options{Dir: dir}, state)).URL())
	other := start(t, devpg.WithState(devpg.Options{Dir: dir + "/2"}, state))
	remember(t, other.URL()) // fails where the table exists
}

func TestStart_RootUnreachableTemp(t *testing.T) {
	t.Parallel()
	needRoot(t)
	private := newDir(t)
	must(t, os.Chmod(private, 0o700))

	h := launchHelper(t, "-", "TMPDIR="+private).ready(t)

	if strings.HasPrefix(h.files, private) {
		t.Errorf("files are in %s", h.files)
	}
	h.kill()
	await(t, "the temporary directory goes away", func() bool { return !exists(h.files) })
}

func TestStart_RootUnreachableBinaries(t *testing.T) {
	t.Parallel()
	needRoot(t)
	dirs := devpg.UsualDirectories()
	if len(dirs) == 0 {
		t.Skip("no PostgreSQL on this machine")
	}
	private := newDir(t)
	for _, name := range []string{"initdb", "postgres"} {
		must(t, os.Symlink(filepath.Join(dirs[0], name), filepath.Join(private, name)))
	}
	must(t, os.Chmod(private, 0o700))
	var log logged

	s := start(t, devpg.WithPath(devpg.Options{Dir: usedDir(t), Log: log.logger()}, private+":"+dirs[0]))

	if !strings.Contains(s.Describe(), "from "+dirs[0]+" ") || !log.says("skipping") {
		t.Errorf("%q is not from %s", s.Describe(), dirs[0])
	}
}

// A developer's own cluster stays the developer's when root starts it once.
func TestStart_RootKeepsTheOwner(t *testing.T) {
	t.Parallel()
	needRoot(t)
	nobody, err := user.Lookup("nobody")
	must(t, err)
	uid, err := strconv.Atoi(nobody.Uid)
	must(t, err)
	dir := usedDir(t)
	first := start(t, devpg.Options{Dir: dir})
	remember(t, first.URL())
	stop(t, first)
	must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, uid, -1)
	}))
	must(t, os.Chmod(dir, 0o700)) // closed to user postgres

	second := start(t, devpg.Options{Dir: dir})

	remembers(t, second.URL())
	must(t, filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && owner(t, path) != uid {
			t.Errorf("%s changed hands", path)
		}
		return nil
	}))
}

func owner(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Lstat(path)
	must(t, err)
	return int(info.Sys().(*syscall.Stat_t).Uid)
}
