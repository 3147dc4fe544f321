package db

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

const (
	// The number of River's tables among our migrations. When River's schema changes, another migration will move it to the next
	// pinned version. So the schema of a database depends on our version only.
	riverMigration     = 4
	riverSchemaVersion = 8
	// migrationConns bounds the pool of a migration.
	migrationConns = 4
)

// Pending reports whether the schema lacks a migration of this program. A newer schema lacks none.
func Pending(ctx context.Context, url string) (pending bool, err error) {
	err = withMigrations(ctx, url, func(provider *goose.Provider) error {
		if pending, err = provider.HasPending(ctx); err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		return nil
	})
	return pending, err
}

// Migrate brings the schema to the version of this program, and returns the number of steps. Replicas that start together wait
// for the one that holds the lock. Migrate does not change a newer schema. After a temporary error, it can be called again.
//
// Only the context limits it, since a migration may take long. Callers that must not hang call Pending first.
func Migrate(ctx context.Context, url string, log *slog.Logger) (steps int, err error) {
	err = withMigrations(ctx, url, func(provider *goose.Provider) error {
		results, err := provider.Up(ctx)
		for _, r := range results {
			step := r.Source.Path
			if r.Source.Type == goose.TypeGo {
				step = "job queue"
			}
			log.InfoContext(ctx, "migrated", "version", r.Source.Version, "step", step, "took", r.Duration)
		}
		steps = len(results)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		return nil
	})
	return steps, err
}

func withMigrations(ctx context.Context, url string, do func(*goose.Provider) error) error {
	cfg, err := parse(url)
	if err != nil {
		return err
	}
	// A separate pool: migrations may take longer than the statements of a call. One connection holds the lock, and River's steps
	// need others.
	cfg.MinConns, cfg.MinIdleConns, cfg.MaxConns = 0, 0, migrationConns
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	defer closePool(pool)
	provider, err := newMigrations(pool)
	if err != nil {
		return err
	}
	return do(provider)
}

// Migrations returns the steps that are written in SQL.
func Migrations() fs.FS { return migrationFiles }

func newMigrations(pool *pgxpool.Pool) (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, stdlib.OpenDBFromPool(pool), files,
		goose.WithSessionLocker(locker),
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()),
		goose.WithGoMigrations(goose.NewGoMigration(riverMigration,
			&goose.GoFunc{RunDB: migrateRiver(pool, rivermigrate.DirectionUp, riverSchemaVersion)},
			// -1 means all versions to River.
			&goose.GoFunc{RunDB: migrateRiver(pool, rivermigrate.DirectionDown, -1)},
		)),
	)
}

// migrateRiver runs River's own steps, which come as code: a copy of their SQL could drift apart from it. After an interruption,
// running them again continues where they stopped.
func migrateRiver(pool *pgxpool.Pool, direction rivermigrate.Direction, version int) func(context.Context, *sql.DB) error {
	return func(ctx context.Context, _ *sql.DB) error {
		migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
		if err != nil {
			return err
		}
		_, err = migrator.Migrate(ctx, direction, &rivermigrate.MigrateOpts{TargetVersion: version})
		return err
	}
}
