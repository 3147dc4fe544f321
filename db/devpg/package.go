//go:build linux || darwin

package devpg

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// restorePackage restores what an npm archive cannot contain: the symlinks of the shared libraries, which the package lists for a
// script that is not run here, and the executable bits, which not every npm keeps.
func restorePackage(dir string) error {
	list, err := os.ReadFile(filepath.Join(dir, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(list, &links); err != nil {
		return fmt.Errorf("pg-symlinks.json: %w", err)
	}
	root, err := os.OpenRoot(dir) // the list of a package must name no file outside it
	if err != nil {
		return err
	}
	defer root.Close()
	for _, l := range links {
		source, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if _, err := root.Lstat(l.Target); err == nil {
			continue
		}
		if err := root.Symlink(source, l.Target); err != nil {
			return err
		}
	}
	programs, err := fs.ReadDir(root.FS(), "native/bin")
	if err != nil {
		return err
	}
	for _, p := range programs {
		if err := root.Chmod(filepath.Join("native", "bin", p.Name()), 0o755); err != nil {
			return err
		}
	}
	return nil
}

// openTree makes files readable for all users, independent of the umask: the server may run as another user than npm.
func openTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.Type()&fs.ModeSymlink != 0 {
			return err
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		open := fs.FileMode(0o444)
		if e.IsDir() {
			open = 0o555
		}
		return os.Chmod(path, info.Mode().Perm()|open)
	})
}
