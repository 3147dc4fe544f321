package devpg

import (
	"fmt"
	"net"
	"os"
)

// search is where Start looks and where it keeps what it fetches.
type search struct {
	path     string   // as $PATH, for binaries
	patterns []string // directories of binaries beside it; at most one * each, standing for a version
	npm      string   // the npm command
	cache    string   // where packages from npm are kept; "" = as the user has it
	state    string   // where a cluster lives whose own Dir is out of reach
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

// freePort asks the kernel. Somebody else may take the port before Postgres
// does, so the caller must be ready to ask again.
func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
