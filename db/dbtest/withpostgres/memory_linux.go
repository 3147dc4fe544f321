package main

import (
	"os"
	"syscall"
)

const (
	memory = "/dev/shm"
	// What the tests of all packages hold at once is a quarter of this.
	enoughMemory = 4 << 30
	// syscall does not name ST_NOEXEC.
	noExec = 8
)

// useMemory has temporary files made in memory, unless TMPDIR says where or there is not enough. What Go builds stays on
// disk: it is large, and written once.
func useMemory() error {
	if os.Getenv("TMPDIR") != "" {
		return nil
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(memory, &fs); err != nil || fs.Flags&noExec != 0 || fs.Bavail*uint64(fs.Bsize) < enoughMemory {
		return nil //nolint:nilerr // memory is quicker, and not needed
	}
	if os.Getenv("GOTMPDIR") == "" {
		if err := os.Setenv("GOTMPDIR", os.TempDir()); err != nil {
			return err
		}
	}
	return os.Setenv("TMPDIR", memory)
}
