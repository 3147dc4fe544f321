//go:build linux || darwin

package devpg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	superuser = "latchkey"
	database  = "latchkey"
)

// ensureDatabase connects, which also shows that the server answers, and creates the database if it does not exist.
func (l *local) ensureDatabase(ctx context.Context) error {
	conn, err := l.connect(ctx, database)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "3D000" { // invalid_catalog_name
		if err := l.createDatabase(ctx); err != nil {
			return fmt.Errorf("create the database: %w", err)
		}
		conn, err = l.connect(ctx, database)
	}
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (l *local) createDatabase(ctx context.Context) error {
	conn, err := l.connect(ctx, "postgres")
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+database)
	return errors.Join(err, conn.Close(ctx))
}

// connect retries while the error is temporary.
func (l *local) connect(ctx context.Context, database string) (*pgx.Conn, error) {
	cfg, err := pgx.ParseConfig(l.url)
	if err != nil {
		return nil, err
	}
	cfg.Database = database
	for {
		conn, err := pgx.ConnectConfig(ctx, cfg)
		if err == nil {
			return conn, nil
		}
		pg, answered := errors.AsType[*pgconn.PgError](err)
		if answered && pg.Code[:2] == "28" { // invalid_authorization
			return nil, fmt.Errorf("the password in %s is not that of this database: remove the directory to begin with an empty one: %w", l.clusterDir.dir, err)
		}
		if answered && pg.Code != "57P03" { // cannot_connect_now
			return nil, err
		}
		select {
		case <-l.postmaster.exited:
			return nil, err
		default:
		}
		if pause(ctx, 10*time.Millisecond) != nil {
			return nil, err
		}
	}
}
