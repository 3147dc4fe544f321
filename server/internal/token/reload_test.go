package token_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

func TestJW09_ARemovedKeyIsRefusedAfterAReload(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	old := f.issue(f.a)
	f.reads("before", old, nil, nil)
	exec(t, f.db, "DELETE FROM signing_keys")
	f.reload()
	f.reads("of a removed key", old, token.ErrInvalid, token.ErrInvalid)
	// There is always one that signs.
	f.reads("of the new key", f.issue(f.a), nil, nil)
}

func TestJW09_AFailedReloadKeepsTheRing(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	old := f.issue(f.a)
	next := f.rotate()
	f.reload()
	whole := keyRows(t, f.db)

	for name, damage := range map[string]func(){
		"a key under another id": func() {
			exec(t, f.db, "UPDATE signing_keys SET private_key = (SELECT private_key FROM signing_keys WHERE kid = $1)", old.kid)
		},
		"another algorithm":    func() { exec(t, f.db, "UPDATE signing_keys SET algorithm = 'RS256' WHERE kid = $1", next.ID) },
		"something unreadable": func() { exec(t, f.db, "UPDATE signing_keys SET private_key = 'x' WHERE kid = $1", next.ID) },
		"a key that nobody made": func() {
			exec(t, f.db, "INSERT INTO signing_keys (kid, algorithm, private_key) VALUES ('mine', 'none', 'x')")
		},
	} {
		damage()
		if err := f.a.Reload(t.Context()); err == nil {
			t.Errorf("%s is loaded", name)
		}
		f.reads(name, old, nil, nil)
		f.reads(name, f.issue(f.a), nil, nil)
		if _, _, err := f.keys().Rotate(t.Context(), audit.System); err == nil {
			t.Errorf("%s is rotated", name)
		}
		exec(t, f.db, "DELETE FROM signing_keys WHERE kid = 'mine'")
		for _, row := range whole {
			exec(t, f.db, "UPDATE signing_keys SET algorithm = $2, private_key = $3 WHERE kid = $1", row.kid, row.algorithm, row.private)
		}
		f.reload()
	}

	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.a.Reload(ended); err == nil {
		t.Error("a reload without a database succeeds")
	}
	f.reads("without a database", old, nil, nil)
}

func TestLG06_AnotherMasterSecretChangesNoKey(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	before := keyRows(t, f.db)
	keys := f.keys(func(c *token.Config) { *c = config(t, strings.ToUpper(masterSecret)) })
	if _, _, err := keys.Rotate(t.Context(), audit.System); !errors.Is(err, token.ErrWrongMasterSecret) {
		t.Errorf("Rotate = %v", err)
	}
	if _, _, err := keys.Replace(t.Context(), audit.System); !errors.Is(err, token.ErrWrongMasterSecret) {
		t.Errorf("Replace = %v", err)
	}
	if diff := cmp.Diff(before, keyRows(t, f.db), cmp.AllowUnexported(keyRow{})); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	f.reload()
}

func TestJW09_AnUnknownKeyCausesNoWork(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	header, payload, signature := parts(t, f.issue(f.a).access)
	queries := f.db.Stat().AcquireCount()
	for range 1000 {
		text := forge(t, header.with(object{"kid": "another"}), payload, constant(signature))
		if _, err := f.a.ReadAccess(text); !errors.Is(err, token.ErrInvalid) {
			t.Fatalf("ReadAccess = %v", err)
		}
	}
	if n := f.a.SignatureChecks(); n != 0 {
		t.Errorf("%d signatures were checked", n)
	}
	if n := f.db.Stat().AcquireCount() - queries; n != 0 {
		t.Errorf("the database was asked %d times", n)
	}
	if n := f.a.Remembered(); n != 0 {
		t.Errorf("%d tokens are cached", n)
	}
}

func TestJW09_ReloadingDisturbsNobody(t *testing.T) {
	t.Parallel()

	// Tokens outlive all that happens here.
	f := newFleet(t, func(c *token.Config) { c.KeyMaxAge, c.AccessTTL = 24*time.Hour, refreshTTL })
	p := f.issue(f.a)
	done := make(chan struct{})
	var readers, reloaders sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				if _, err := f.b.ReadRefresh(p.refresh); err != nil {
					t.Errorf("while the ring changes: %v", err)
					return
				}
				access, refresh := issue(t, f.a, f.clock.Now())
				if _, err := f.a.ReadAccess(access); err != nil {
					t.Errorf("a new token: %v", err)
					return
				}
				if _, err := f.a.ReadRefresh(refresh); err != nil {
					t.Errorf("a new token: %v", err)
					return
				}
			}
		})
	}
	for _, i := range []*token.Issuer{f.a, f.a, f.b} {
		reloaders.Go(func() {
			for range 20 {
				if err := i.Reload(t.Context()); err != nil {
					t.Error(err)
				}
				f.advance(time.Hour)
			}
		})
	}
	reloaders.Wait()
	close(done)
	readers.Wait()
	if kids, _ := f.states(); len(kids) < 3 {
		t.Errorf("in 60 hours there were %d keys", len(kids))
	}
}

func TestRunEndsWithItsContext(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		f.a.Run(ctx)
		close(ended)
	}()
	cancel()
	<-ended
}

func TestLG06_TheLogTellsOfKeysAndHoldsNone(t *testing.T) {
	t.Parallel()

	var log bytes.Buffer
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	change := func(c *token.Config) {
		c.KeyMaxAge = 24 * time.Hour
		c.Log = slog.New(slog.NewTextHandler(&log, nil))
	}
	i := newIssuer(t, d, change)
	first, _ := i.SigningKey()
	for range 3 {
		clock.Advance(10 * 24 * time.Hour)
		if err := i.Reload(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	text := log.String()
	if strings.Count(text, "made a signing key") != 4 || !strings.Contains(text, "removed") || strings.Count(text, first) != 2 {
		t.Errorf("the log is\n%s", text)
	}
	if strings.Contains(text, masterSecret) || strings.Contains(text, "PrivateKey") {
		t.Errorf("the log holds a secret:\n%s", text)
	}
}
