package devpg

import (
	"bytes"

	"golang.org/x/sys/unix"
)

// isPostmaster reports whether a process runs Postgres on the cluster in data. It is false for a zombie. ps would show the same,
// but writes paths that are not ASCII in its own way.
func isPostmaster(pid int, data string) bool {
	args, err := unix.SysctlRaw("kern.procargs2", pid)
	return err == nil && bytes.Contains(args, []byte("postgres\x00")) && bytes.Contains(args, []byte("\x00"+data+"\x00"))
}
