package devpg

import (
	"fmt"
	"net"
	"os"
)

// search is where Start searches, and where it stores downloads.
type search struct {
	path     string   // like $PATH, for binaries
	patterns []string // further directories of binaries; at most one * each, for a version
	npm      string   // the npm command
	cache    string   // cache of packages from npm; "" means that of the user
	state    string   // directory for clusters whose own Dir cannot be entered
	port     func() (int, error)
}

func defaultSearch() *search {
	return &search{
		path: os.Getenv("PATH"),
		patterns: []string{
			"/usr/lib/postgresql/*/bin",
			"/usr/pgsql-*/bin",
			"/usr/libexec/postgresql*",
			"/opt/homebrew/opt/postgresql@*/bin",
			"/usr/local/opt/postgresql@*/bin",
			"/Applications/Postgres.app/Contents/Versions/*/bin",
			"/usr/local/pgsql/bin",
		},
		npm:   "npm",
		state: "/var/lib/latchkey",
		port:  freePort,
	}
}

// freePort returns a free port from the kernel. Another process may take it before Postgres does, so the caller must be ready to
// try again.
func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
