package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/settings"
)

var errOtherSchema = errors.New("the database does not have the schema of this version: a server that starts brings it up to date")

// withDatabase runs a command with a database, and closes the database afterwards. It is the configured one, or else that of a
// `latchkey dev` in the data directory that is not running. Commands never create a database or a secret: on a new one that no
// server uses, they would seem to succeed.
func withDatabase(ctx context.Context, s settings.Settings, run func(*db.DB) error) (err error) {
	d, closeIt, err := openForCommand(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeIt()) }()
	if err := run(d); db.OtherSchema(err) {
		return fmt.Errorf("%w (%w)", errOtherSchema, err)
	} else if err != nil {
		return err
	}
	return nil
}

func openForCommand(ctx context.Context, s settings.Settings) (*db.DB, func() error, error) {
	if !s.Database.URL.Empty() {
		d, err := db.Open(ctx, db.Config{URL: s.Database.URL, MaxConns: 2})
		if err != nil {
			return nil, nil, err
		}
		return d, func() error {
			d.Close()
			return nil
		}, nil
	}
	dataDir, err := filepath.Abs(s.Server.DataDir)
	if err != nil {
		return nil, nil, err
	}
	if !exists(filepath.Join(dataDir, postgresDir)) && !exists(filepath.Join(dataDir, masterSecretFile)) {
		return nil, nil, fmt.Errorf("LATCHKEY_DATABASE_URL is not set, and %s holds no data of `latchkey dev`", dataDir)
	}
	quiet := slog.New(slog.DiscardHandler)
	l, err := openDevDatabase(ctx, s, dataDir, newDatabaseWait(s.Server.DatabaseWait, quiet), quiet)
	if err != nil {
		return nil, nil, fmt.Errorf("%w\nwhile `latchkey dev` runs, set LATCHKEY_DATABASE_URL to its database, or stop it first", err)
	}
	return l.db, func() error {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.Server.ShutdownTimeout)
		defer cancel()
		return l.close(stopping)
	}, nil
}

// loadMaster returns the configured master secret, or else the one that `latchkey dev` has created.
func loadMaster(s settings.Settings) (secret.Master, error) {
	dataDir, err := filepath.Abs(s.Server.DataDir)
	if err != nil {
		return secret.Master{}, err
	}
	if s.Server.MasterSecret.Empty() && !exists(filepath.Join(dataDir, masterSecretFile)) {
		return secret.Master{}, fmt.Errorf("LATCHKEY_MASTER_SECRET is not set, and `latchkey dev` has made none up in %s", dataDir)
	}
	return devMaster(s, dataDir)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
