package clustertest

import "testing"

// NewOnSmallDisk skips the test: there is no small disk on this system.
func NewOnSmallDisk(t testing.TB, _ int, _ ...string) *Cluster {
	t.Helper()
	t.Skip("a small disk is mounted on Linux alone")
	return nil
}

// FillDisk is never reached on this system.
func (c *Cluster) FillDisk() (free func()) {
	c.t.Helper()
	c.t.Fatal("there is no small disk")
	return nil
}
