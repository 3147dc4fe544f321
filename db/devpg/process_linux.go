package devpg

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// isPostmaster reports whether a process runs Postgres on the cluster in data. It is false for a zombie.
func isPostmaster(pid int, data string) bool {
	proc := fmt.Sprintf("/proc/%d/", pid)
	name, err := os.ReadFile(proc + "comm")
	if err != nil || !strings.Contains(string(name), "postgres") {
		return false
	}
	if args, err := os.ReadFile(proc + "cmdline"); err == nil && bytes.Contains(args, []byte("\x00"+data+"\x00")) {
		return true
	}
	// If it was started manually, its path may be relative. Not every root may read this.
	cwd, err := os.Stat(proc + "cwd")
	if err != nil {
		return false
	}
	own, err := os.Stat(data)
	return err == nil && os.SameFile(cwd, own)
}
