package token

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Keys is the key ring in the database, which all replicas share. A key is created and published; it signs from Lead later on; it
// is retired when a newer one signs; and it is removed when no token signed by it can be valid any more. Until it is removed,
// tokens that name it are valid.
//
// Every change is made under one lock, by the first replica that gets it. A change with another master secret than that of the
// present keys is refused.
type Keys struct {
	db         *db.DB
	q          *dbsqlc.Queries
	encryption secret.Key
	cfg        Config
}

// NewKeys returns the Keys of a database, and does not access it yet. The Config needs no Issuer.
func NewKeys(d *db.DB, cfg Config) *Keys {
	if cfg.Algorithm == "" {
		cfg.Algorithm = ES256
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Keys{db: d, q: dbsqlc.New(), encryption: cfg.Master.Key(keyEncryptionPurpose), cfg: cfg}
}

// Rotate creates the next key. It signs from Lead later on, and the signatures of older keys stay valid. If a next key of the
// wanted algorithm exists already, Rotate returns that one, and made is false. It returns ErrWrongMasterSecret.
func (k *Keys) Rotate(ctx context.Context, by audit.Actor) (next KeyInfo, made bool, err error) {
	candidate, err := makeKey(k.encryption, k.cfg.Algorithm)
	if err != nil {
		return KeyInfo{}, false, err
	}
	err = k.change(ctx, func(tx db.Tx, rows schedule) error {
		if n := len(rows); n > 0 && rows[n-1].ActiveFrom.After(tx.Now) && rows[n-1].Algorithm == string(k.cfg.Algorithm) {
			next, made = rows.info(n-1, tx.Now), false
			return nil
		}
		row, err := k.insert(ctx, tx, candidate, rows.nextTurn(tx.Now))
		if err != nil {
			return err
		}
		next, made = schedule{row}.info(0, tx.Now), true
		return recordMade(ctx, tx, by, row)
	})
	return next, made, err
}

// Replace is for keys that may be known to an attacker. It creates a key that signs at once, and removes all others. After its
// next reload, a server refuses all tokens of the removed keys, so all users must sign in again. It returns ErrWrongMasterSecret.
func (k *Keys) Replace(ctx context.Context, by audit.Actor) (made KeyInfo, removed int, err error) {
	candidate, err := makeKey(k.encryption, k.cfg.Algorithm)
	if err != nil {
		return KeyInfo{}, 0, err
	}
	err = k.change(ctx, func(tx db.Tx, rows schedule) error {
		kids := make([]string, len(rows))
		for i, row := range rows {
			kids[i] = row.Kid
		}
		if err := k.delete(ctx, tx, kids); err != nil {
			return err
		}
		row, err := k.insert(ctx, tx, candidate, tx.Now)
		if err != nil {
			return err
		}
		made, removed = schedule{row}.info(0, tx.Now), len(rows)
		return recordReplaced(ctx, tx, by, row, kids)
	})
	return made, removed, err
}

// tend creates the next key if it is due, removes expired ones, and returns the resulting schedule. Mostly there is nothing to
// do, and it runs one statement.
func (k *Keys) tend(ctx context.Context, starting bool) (schedule, error) {
	now := k.db.Clock()
	rows, err := list(ctx, k.q, k.db)
	if err != nil {
		return nil, err
	}
	wantsKey := rows.needsNext(k.cfg, now, starting)
	if !wantsKey && len(rows.dead(now)) == 0 && len(rows.understated(now, k.tokenSeconds())) == 0 {
		return rows, nil
	}
	var candidate *key
	if wantsKey {
		// Before the transaction, since it can take seconds. If several replicas do this at the same time, one key is used and
		// the others are discarded.
		if candidate, err = makeKey(k.encryption, k.cfg.Algorithm); err != nil {
			return nil, err
		}
	}
	var (
		made *dbsqlc.SigningKey
		dead []string
	)
	err = k.change(ctx, func(tx db.Tx, rows schedule) error {
		made = nil
		if candidate != nil && rows.needsNext(k.cfg, tx.Now, starting) {
			row, err := k.insert(ctx, tx, candidate, rows.nextTurn(tx.Now))
			if err != nil {
				return err
			}
			made = &row
			if err := recordMade(ctx, tx, audit.System, row); err != nil {
				return err
			}
		}
		kids := rows.understated(tx.Now, k.tokenSeconds())
		if err := k.q.RaiseTokenSeconds(ctx, tx, dbsqlc.RaiseTokenSecondsParams{
			Kids: kids, TokenSeconds: k.tokenSeconds(),
		}); err != nil {
			return fmt.Errorf("note how long tokens live: %w", err)
		}
		if dead = rows.dead(tx.Now); len(dead) == 0 {
			return nil
		}
		if err := k.delete(ctx, tx, dead); err != nil {
			return err
		}
		return recordRemoved(ctx, tx, audit.System, dead)
	})
	if err != nil {
		return nil, err
	}
	if made != nil {
		k.cfg.Log.InfoContext(ctx, "made a signing key", "kid", made.Kid, "algorithm", made.Algorithm, "signs_from", made.ActiveFrom)
	}
	if len(dead) > 0 {
		k.cfg.Log.InfoContext(ctx, "removed signing keys of which no token lives", "kids", dead)
	}
	return list(ctx, k.q, k.db)
}

// change runs fn with the present keys while no other replica can change the ring. fn may run more than once.
func (k *Keys) change(ctx context.Context, fn func(db.Tx, schedule) error) error {
	return k.db.InTx(ctx, func(tx db.Tx) error {
		if err := k.q.LockSigningKeys(ctx, tx); err != nil {
			return fmt.Errorf("lock the signing keys: %w", err)
		}
		rows, err := list(ctx, k.q, tx)
		if err != nil {
			return err
		}
		// A key under another master secret would keep every running server from reading the ring.
		for _, row := range rows {
			if _, err := openKey(k.encryption, row); err != nil {
				return err
			}
		}
		return fn(tx, rows)
	})
}

func (k *Keys) insert(ctx context.Context, tx db.Tx, made *key, from time.Time) (dbsqlc.SigningKey, error) {
	row, err := k.q.CreateSigningKey(ctx, tx, dbsqlc.CreateSigningKeyParams{
		Kid:          made.id,
		Algorithm:    string(made.algorithm),
		PrivateKey:   made.sealed,
		ActiveFrom:   from,
		TokenSeconds: k.tokenSeconds(),
	})
	if err != nil {
		return row, fmt.Errorf("store the signing key: %w", err)
	}
	return row, nil
}

func (k *Keys) delete(ctx context.Context, tx db.Tx, kids []string) error {
	if len(kids) == 0 {
		return nil
	}
	if err := k.q.DeleteSigningKeys(ctx, tx, kids); err != nil {
		return fmt.Errorf("remove signing keys: %w", err)
	}
	return nil
}

// tokenSeconds returns the longest lifetime of a token, rounded up.
func (k *Keys) tokenSeconds() int32 {
	return int32((max(k.cfg.AccessTTL, k.cfg.RefreshTTL) + time.Second - 1) / time.Second)
}

func list(ctx context.Context, q *dbsqlc.Queries, handle dbsqlc.DBTX) (schedule, error) {
	rows, err := q.ListSigningKeys(ctx, handle)
	if err != nil {
		return nil, fmt.Errorf("read the signing keys: %w", err)
	}
	return rows, nil
}
