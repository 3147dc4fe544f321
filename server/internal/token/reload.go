package token

import (
	"context"
	"time"
)

// reloadTimeout ends a reload if the database does not answer, before the next one is due.
const reloadTimeout = 10 * time.Second

// Run reloads the ring every ReloadInterval until the context ends, and records the issuer periodically. It logs errors.
func (i *Issuer) Run(ctx context.Context) {
	reload := time.NewTicker(ReloadInterval)
	defer reload.Stop()
	note := time.NewTimer(issuerSecondNote)
	defer note.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-reload.C:
			limited, cancel := context.WithTimeout(ctx, reloadTimeout)
			if err := i.Reload(limited); err != nil && ctx.Err() == nil {
				i.cfg.Log.ErrorContext(ctx, "the signing keys cannot be reloaded; the ones loaded before stay in use", "error", err)
			}
			cancel()
		case <-note.C:
			if err := i.noteIssuer(ctx, issuerLasts); err != nil && ctx.Err() == nil {
				i.cfg.Log.WarnContext(ctx, "the issuer of tokens cannot be noted; another one would not be noticed", "error", err)
			}
			note.Reset(issuerInterval)
		}
	}
}

// Reload loads the ring from the database, after creating the next key if that is due and removing expired ones. If it fails, the
// ring does not change.
func (i *Issuer) Reload(ctx context.Context) error { return i.load(ctx, false) }

func (i *Issuer) load(ctx context.Context, starting bool) error {
	// Otherwise a reload that began earlier could restore an older ring.
	i.loading.Lock()
	defer i.loading.Unlock()
	rows, err := i.keys.tend(ctx, starting)
	if err != nil {
		return err
	}
	r, err := openRing(i.keys.encryption, rows, i.ring.Load())
	if err != nil {
		return err
	}
	i.ring.Store(r)
	i.loadedAt.Store(int64(i.uptime.Elapsed()))
	return nil
}

// LoadAge returns the time since the ring was last loaded.
func (i *Issuer) LoadAge() time.Duration {
	return i.uptime.Elapsed() - time.Duration(i.loadedAt.Load())
}
