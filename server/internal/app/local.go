package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/devpg"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

// stopTimeout is how long the embedded Postgres may take to write everything down.
const stopTimeout = 20 * time.Second

// postgresDir is where the embedded Postgres is kept, in the data directory.
const postgresDir = "postgres"

// local is the database of `latchkey dev`, migrated and open: the one that is set, or an embedded one.
type local struct {
	db *db.DB
	// describe tells in a line which Postgres it is.
	describe string
	// steps is how many migrations were needed.
	steps    int
	postgres *devpg.Server
}

func openLocal(ctx context.Context, s settings.Settings, dataDir string, log *slog.Logger) (opened *local, err error) {
	postgres, err := devpg.Start(ctx, devpg.Options{
		URL: s.DatabaseURL.Reveal(), Dir: filepath.Join(dataDir, postgresDir), Durable: true, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("find or start Postgres: %w", err)
	}
	l := &local{describe: postgres.Describe(), postgres: postgres}
	defer func() {
		if err != nil {
			err = errors.Join(err, l.close(ctx))
		}
	}()
	if l.steps, err = db.Migrate(ctx, postgres.URL(), log); err != nil {
		return nil, err
	}
	if l.db, err = db.Open(ctx, db.Config{URL: postgres.URL()}); err != nil {
		return nil, err
	}
	return l, nil
}

// close lets an embedded Postgres write everything down, although the context has ended.
func (l *local) close(ctx context.Context) error {
	if l.db != nil {
		l.db.Close()
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	return l.postgres.Stop(stopping)
}
