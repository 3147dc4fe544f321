//go:build linux || darwin

package clustertest

import (
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Standby makes a streaming standby of the cluster, and returns once the cluster commits nothing that the standby does not have.
// The cluster restarts meanwhile: the standby begins as a copy of its files, since pg_basebackup is not everywhere.
func (c *Cluster) Standby() *Cluster {
	c.t.Helper()
	u, err := url.Parse(c.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	dir := newDir(c.t)
	c.Stop()
	for _, name := range []string{"data", "password"} {
		if out, err := exec.Command("cp", "-Rp", filepath.Join(c.dir, name), dir).CombinedOutput(); err != nil {
			c.t.Fatalf("copy the cluster: %v\n%s", err, out)
		}
	}
	c.Start()
	if err := os.WriteFile(filepath.Join(dir, "data", "standby.signal"), nil, 0o644); err != nil {
		c.t.Fatal(err)
	}
	password, _ := u.User.Password()
	s := in(c.t, dir, append(c.settings, fmt.Sprintf(
		"primary_conninfo=host=%s port=%s user=%s password=%s application_name=standby", u.Hostname(), u.Port(), u.User.Username(), password)))
	c.Exec("ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()")
	c.Await("the standby is synchronous", "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync')")
	return s
}

// Promote makes a standby the primary.
func (c *Cluster) Promote() {
	c.t.Helper()
	c.Exec("SELECT pg_promote()")
	c.Await("the standby is promoted", "SELECT NOT pg_is_in_recovery()")
}

// URLWith returns a URL that leads to whichever of two clusters takes writes.
func (c *Cluster) URLWith(other *Cluster) string {
	c.t.Helper()
	u, err := url.Parse(c.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	o, err := url.Parse(other.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	query := u.Query()
	query.Set("target_session_attrs", "read-write")
	u.RawQuery = query.Encode()
	return strings.Replace(u.String(), "@"+u.Host, "@"+u.Host+","+o.Host, 1)
}
