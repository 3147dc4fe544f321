package clustertest

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

// NewOnSmallDisk makes a cluster whose files have so many bytes in all. It skips the test unless it runs as root, who alone
// may mount a disk.
func NewOnSmallDisk(t testing.TB, size int, settings ...string) *Cluster {
	t.Helper()
	dir := newDir(t)
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "mode=755,size="+strconv.Itoa(size)); err != nil {
		t.Skipf("only root can mount a small disk: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	return in(t, dir, settings)
}

// FillDisk leaves no byte free on a small disk. Calling the function that it returns frees what it took.
func (c *Cluster) FillDisk() (free func()) {
	c.t.Helper()
	path := filepath.Join(c.dir, "filler")
	f, err := os.Create(path)
	if err != nil {
		c.t.Fatal(err)
	}
	block := make([]byte, 64<<10)
	for err == nil {
		_, err = f.Write(block)
	}
	_ = f.Close()
	if !errors.Is(err, syscall.ENOSPC) {
		c.t.Fatalf("fill the disk: %v", err)
	}
	return func() {
		if err := os.Remove(path); err != nil {
			c.t.Fatal(err)
		}
	}
}
