package devpg

import (
	"bytes"
	"fmt"
	"os"
	"strings"
)

// isPostmaster tells whether a process runs Postgres on the cluster in data. A
// process that has ended but was not asked for by its parent does not.
func isPostmaster(pid int, data string) bool {
	proc := fmt.Sprintf("/proc/%d/", pid)
	name, err := os.ReadFile(proc + "comm")
	if err != nil || !strings.Contains(string(name), "postgres") {
		return false
	}
	if args, err := os.ReadFile(proc + "cmdline"); err == nil && bytes.Contains(args, []byte("\x00"+data+"\x00")) {
		return true
	}
	// Started by hand, it may have been told by a relative path; not every
	// root may look here.
	cwd, err := os.Stat(proc + "cwd")
	if err != nil {
		return false
	}
	own, err := os.Stat(data)
	return err == nil && os.SameFile(cwd, own)
}
