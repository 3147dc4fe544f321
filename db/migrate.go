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
	// The number that River's tables have among our migrations. When River's schema moves on, a further migration takes
	// it to the next pinned version, so that a database's schema depends on our version alone.
	riverMigration     = 4
	riverSchemaVersion = 8
	// migrationConns bounds the pool of a migration.
	migrationConns = 4
)

// Pending reports whether the schema lacks a migration of this program. A schema that is newer lacks none.
func Pending(ctx context.Context, url string) (pending bool, err error) {
	err = withMigrations(ctx, url, func(provider *goose.Provider) error {
		if pending, err = provider.HasPending(ctx); err != nil {
			return fmt.Errorf("read the schema's version: %w", err)
		}
		return nil
	})
	return pending, err
}

// Migrate brings the schema to the version that this program was built for, and returns how many steps that took.
// Replicas that start together wait for the one that holds the lock. A schema that is newer is left alone. After a
// temporary error it may be called again.
//
// Nothing but the context bounds it, since a migration may take long. Callers that must not hang ask for Pending first.
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
	// A pool of its own: migrations may take longer than statements on behalf of a call. One connection holds the lock, and
	// River's steps take others.
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

// Migrations are the steps that are written in SQL.
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
			// -1 is River's way to say "all of it".
			&goose.GoFunc{RunDB: migrateRiver(pool, rivermigrate.DirectionDown, -1)},
		)),
	)
}

// migrateRiver runs River's own steps, which it brings along as code: copying their SQL would let the two drift apart. They
// are written so that running them again after an interruption goes on where it stopped.
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
