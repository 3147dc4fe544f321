package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/devpg"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// postgresDir is the directory of the embedded Postgres, in the data directory.
const postgresDir = "postgres"

// devDatabase is the database of `latchkey dev`, migrated and open: the configured one, or an embedded one.
type devDatabase struct {
	db *db.DB
	// describe describes the Postgres in one line.
	describe string
	// steps is how many migrations were run.
	steps    int
	postgres *devpg.Server
}

func openDevDatabase(ctx context.Context, s settings.Settings, dataDir string, wait *databaseWait, log *slog.Logger) (opened *devDatabase, err error) {
	postgres, err := devpg.Start(ctx, devpg.Options{
		URL: s.Database.URL.Reveal(), Dir: filepath.Join(dataDir, postgresDir), Durable: true, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("find or start Postgres: %w", err)
	}
	l := &devDatabase{describe: postgres.Describe(), postgres: postgres}
	defer func() {
		if err != nil {
			stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Server.ShutdownTimeout)
			defer cancel()
			err = errors.Join(err, l.close(stopping))
		}
	}()
	if err := l.migrate(ctx, wait, log); err != nil {
		return nil, err
	}
	return l, wait.until(ctx, "connect", func(ctx context.Context) (err error) {
		l.db, err = db.Open(ctx, db.Config{URL: db.URL(postgres.URL()), MaxConns: s.Database.MaxConns})
		return err
	})
}

// migrate brings the schema up to date. The wait for the database never cancels a migration, which may take as long as it needs.
func (l *devDatabase) migrate(ctx context.Context, wait *databaseWait, log *slog.Logger) error {
	return wait.retry(ctx, "bring the schema up to date", func(ctx context.Context) error {
		var pending bool
		if err := wait.try(ctx, func(ctx context.Context) (err error) {
			pending, err = db.Pending(ctx, l.postgres.URL())
			return err
		}); err != nil || !pending {
			return err
		}
		return wait.uncounted(func() error {
			steps, err := db.Migrate(ctx, l.postgres.URL(), log)
			l.steps += steps
			return err
		})
	})
}

// close closes the connections and stops an embedded Postgres. If the context ends first, it kills Postgres, which loses no
// committed data.
func (l *devDatabase) close(ctx context.Context) error {
	var err error
	if l.db != nil {
		err = l.db.Shutdown(ctx)
	}
	return errors.Join(err, l.postgres.Stop(ctx))
}

// embedded reports whether this process has started Postgres, and so stops it.
func (l *devDatabase) embedded() bool { return l.postgres.Ended() != nil }

// howToStop returns the line about Ctrl-C for the start.
func (l *devDatabase) howToStop() string {
	if l.embedded() {
		return "Ctrl-C stops everything."
	}
	return "Ctrl-C stops the server. The database keeps running."
}

// atStop returns the line about the database for the end of the process.
func (l *devDatabase) atStop() string {
	if l.embedded() {
		return "Postgres writes its data to disk and shuts down."
	}
	return "The database keeps running."
}
