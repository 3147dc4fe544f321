//go:build linux || darwin

package clustertest_test

import (
	"testing"

	"github.com/latchkey-auth/latchkey/db/dbtest/clustertest"
)

func TestWhatIsCommittedOutlivesAKill(t *testing.T) {
	t.Parallel()
	c := clustertest.New(t)
	c.Exec("CREATE TABLE kept AS SELECT 1 AS n")

	c.Kill()
	if c.Alive() {
		t.Error("the cluster runs on")
	}
	c.Start()

	if n := c.Query("SELECT n::text FROM kept"); n != "1" {
		t.Errorf("the row reads %s", n)
	}
}

func TestAStandbyTakesOver(t *testing.T) {
	t.Parallel()
	c := clustertest.New(t)
	standby := c.Standby()
	c.Exec("CREATE TABLE kept AS SELECT 1 AS n")

	c.Kill()
	standby.Promote()

	standby.Exec("INSERT INTO kept VALUES (2)")
	if n := standby.Query("SELECT sum(n)::text FROM kept"); n != "3" {
		t.Errorf("the rows add up to %s", n)
	}
}
