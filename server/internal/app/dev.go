package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"syscall"

	"github.com/latchkey-auth/latchkey/server/internal/loglimit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
	"github.com/latchkey-auth/latchkey/server/internal/version"
)

// libraryLines limits the log lines a minute of libraries without a logger of ours.
const libraryLines = 10

// RunDev serves without any configuration. It finds or starts a Postgres, creates a master secret, and keeps messages without a
// configured provider in the outbox. It writes what it did to out, and stops everything when the context ends.
func RunDev(ctx context.Context, s settings.Settings, log *slog.Logger, out io.Writer) (err error) {
	// For libraries that use the default logger.
	slog.SetDefault(slog.New(loglimit.Handler(log.Handler(), libraryLines)))
	// First of all, so that an occupied port is reported before anything is started. Connections wait in the listener meanwhile.
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.Server.Listen)
	if errors.Is(err, syscall.EADDRINUSE) {
		return fmt.Errorf("listen on %s: another program is using it; stop that, or choose a port with --listen 127.0.0.1:8081", s.Server.Listen)
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.Server.Listen, err)
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		log.WarnContext(ctx, "others on the network can reach this server, and read every code in its outbox", "listen", s.Server.Listen)
	}
	defer func() { _ = listener.Close() }()

	dataDir, err := filepath.Abs(s.Server.DataDir)
	if err != nil {
		return err
	}
	master, err := devMaster(s, dataDir)
	if err != nil {
		return err
	}
	unlessStopped := func(err error) error {
		if ctx.Err() != nil {
			fmt.Fprintln(out, "\nStopped before it was ready.")
		}
		return unlessStopped(ctx, err)
	}
	wait := newDatabaseWait(s.Server.DatabaseWait, log)
	local, err := openDevDatabase(ctx, s, dataDir, wait, log)
	if err != nil {
		return unlessStopped(err)
	}
	stopping := &shutdown{limit: s.Server.ShutdownTimeout}
	defer func() {
		left, cancel := stopping.left(0)
		defer cancel()
		err = errors.Join(err, local.close(left))
	}()
	publicURL := publicURL(s, listener.Addr())
	a, err := New(ctx, Config{
		Settings: s, DB: local.db, Master: master, PublicURL: publicURL, Log: log, ShowOutbox: true, AllowLocalPages: true, wait: wait, shutdown: stopping,
		postgresEnded: local.postgres.Ended(),
		OnServing: func() {
			announce(out, publicURL, local, leaves(s))
			announceOthers(out, s, listener.Addr())
		},
	})
	if err != nil {
		return unlessStopped(err)
	}
	if err := a.Run(ctx, listener); err != nil {
		return err
	}
	fmt.Fprintf(out, "\nStopping: all calls are answered. %s\n", local.atStop())
	return nil
}

// masterSecretFile is the file of the created master secret, in the data directory.
const masterSecretFile = "master-secret"

func devMaster(s settings.Settings, dataDir string) (secret.Master, error) {
	text := s.Server.MasterSecret
	if text.Empty() {
		var err error
		if text, err = loadOrCreateSecret(filepath.Join(dataDir, masterSecretFile)); err != nil {
			return secret.Master{}, fmt.Errorf("keep the master secret: %w", err)
		}
	}
	return secret.NewMaster(text)
}

func announce(out io.Writer, publicURL string, database *devDatabase, leaves string) {
	schema := "up to date"
	if database.steps > 0 {
		schema = fmt.Sprintf("brought up to date in %d steps", database.steps)
	}
	stays := "every mail and SMS stays here"
	if leaves != "" {
		stays = "these leave the machine: " + leaves + "; the others stay here"
	}
	fmt.Fprintf(out, `
Latchkey (%s) is running, for development only.

  Page      %[2]s/
  API       %[2]s/latchkey.v1.AuthService/…  (Connect, gRPC and gRPC-Web)
  Outbox    %[2]s%[3]s  (%[6]s)
  Database  %[4]s
  Schema    %[5]s

Try:
  curl -H 'Content-Type: application/json' -d '{}' %[2]s/latchkey.v1.AuthService/GetSettings

%[7]s

`, version.String(), publicURL, outboxPath, database.describe, schema, stays, database.howToStop())
}
