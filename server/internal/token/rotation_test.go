package token_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

func TestJW09_ARotationIsNoticedByNobody(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	before := f.issue(f.a)
	next := f.rotate()
	if want := f.clock.Now().Add(token.Lead); next.ID == before.kid || !next.SignsFrom.Equal(want) || next.State != token.KeyNext {
		t.Errorf("the next key is %+v, want it to sign from %v", next, want)
	}

	// One replica knows the next key and the other one does not yet: that must not matter.
	if err := f.a.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	f.advance(token.ReloadInterval)
	published := f.issue(f.a)
	f.reads("before", before, nil, nil)
	f.reads("published", published, nil, nil)
	f.reload()

	f.advance(token.Lead - token.ReloadInterval - time.Second)
	last := f.issue(f.b)
	f.advance(time.Second)
	first := f.issue(f.a)
	if published.kid != before.kid || last.kid != before.kid || first.kid != next.ID {
		t.Errorf("key %s signed, then %s, %s, %s; want a change to %s at the end", before.kid, published.kid, last.kid, first.kid, next.ID)
	}
	if again := f.issue(f.b); again.kid != next.ID {
		t.Errorf("the other replica still signs with %s", again.kid)
	}
	for name, p := range map[string]pair{"before": before, "published": published, "last": last, "first": first} {
		f.reads(name+" of the overlap", p, nil, nil)
	}
	if kids, states := f.states(); !slices.Equal(kids, []string{before.kid, next.ID}) ||
		!slices.Equal(states, []token.KeyState{token.KeyRetired, token.KeySigning}) {
		t.Errorf("the keys are %v, %v", kids, states)
	}

	// The last refresh token of the old key lives for a week; the key stays for a minute longer.
	f.advance(refreshTTL - 2*time.Second)
	f.reload()
	f.reads("at its end", last, token.ErrExpired, nil)
	f.advance(62*time.Second - time.Microsecond)
	f.reload()
	f.reads("after its end", last, token.ErrExpired, token.ErrExpired)
	f.advance(time.Microsecond)
	f.reload()
	f.reads("of the removed key", last, token.ErrInvalid, token.ErrInvalid)
	if kids, states := f.states(); !slices.Equal(kids, []string{next.ID}) || states[0] != token.KeySigning {
		t.Errorf("the keys are %v, %v", kids, states)
	}
	if now := f.issue(f.a); now.kid != next.ID {
		t.Errorf("key %s signs", now.kid)
	}
	var by, removed string
	if err := f.db.QueryRow(t.Context(), "SELECT actor_kind, details ->> 'removed' FROM events WHERE type = 'keys_removed'").Scan(&by, &removed); err != nil ||
		by != "system" || removed != before.kid {
		t.Errorf("the event says that %q has removed %q: %v", by, removed, err)
	}
}

// A key must be known everywhere before it signs: on servers that look for it, and at verifiers that keep a copy.
func TestJW09_TheLeadIsLongerThanAnybodysCopy(t *testing.T) {
	t.Parallel()

	if token.Lead < 60*time.Second+2*token.ReloadInterval+token.KeySetMaxAge {
		t.Errorf("a key signs after %v, which is not enough for %v and %v", token.Lead, token.ReloadInterval, token.KeySetMaxAge)
	}
}

func TestJW09_AKeyThatIsOldEnoughGetsASuccessor(t *testing.T) {
	t.Parallel()

	const maxAge = 90 * 24 * time.Hour
	f := newFleet(t, func(c *token.Config) { c.KeyMaxAge = maxAge })
	old := f.issue(f.a)
	f.advance(maxAge - time.Second)
	f.reload()
	if kids, _ := f.states(); len(kids) != 1 {
		t.Fatalf("a second too early there are %d keys", len(kids))
	}
	f.advance(time.Second)
	f.reload()
	kids, states := f.states()
	if len(kids) != 2 || kids[0] != old.kid || states[1] != token.KeyNext {
		t.Fatalf("the keys are %v, %v", kids, states)
	}
	f.advance(token.Lead)
	if now := f.issue(f.b); now.kid != kids[1] {
		t.Errorf("key %s signs", now.kid)
	}

	// And so on: the age counts from the day that it began to sign.
	f.advance(maxAge - time.Second)
	f.reload()
	if again, _ := f.states(); !slices.Equal(again, kids[1:]) {
		t.Errorf("a second too early the keys are %v", again)
	}
	f.advance(time.Second)
	f.reload()
	if again, _ := f.states(); len(again) != 2 {
		t.Errorf("the keys are %v", again)
	}
}

// together lets many do something to the ring, none of them before several wait to.
func (f *fleet) together(n int, do func(i int) error) {
	f.t.Helper()
	var (
		group sync.WaitGroup
		errs  = make([]error, n)
	)
	if err := f.db.InTx(f.t.Context(), func(tx db.Tx) error {
		if _, err := tx.Exec(f.t.Context(), "LOCK TABLE signing_keys IN SHARE MODE"); err != nil {
			return err
		}
		for i := range n {
			group.Go(func() { errs[i] = do(i) })
		}
		awaitLocks(f.t, tx, 5)
		return nil
	}); err != nil {
		f.t.Fatal(err)
	}
	group.Wait()
	if err := errors.Join(errs...); err != nil {
		f.t.Fatal(err)
	}
}

func TestJW09_ReplicasThatRotateTogetherMakeOneKey(t *testing.T) {
	t.Parallel()

	const replicas = 20
	aged := func(c *token.Config) { c.KeyMaxAge = 24 * time.Hour }
	t.Run("ByAge", func(t *testing.T) {
		t.Parallel()
		f := newFleet(t, aged)
		var issuers [replicas]*token.Issuer
		for i := range issuers {
			issuers[i] = newIssuer(t, f.db, aged)
		}
		f.advance(24 * time.Hour)
		f.together(replicas, func(i int) error { return issuers[i].Reload(t.Context()) })
		if kids, _ := f.states(); len(kids) != 2 {
			t.Errorf("there are %d keys", len(kids))
		}
	})
	t.Run("ByAlgorithmAtTheirStart", func(t *testing.T) {
		t.Parallel()
		f := newFleet(t)
		cfg := config(t, masterSecret)
		cfg.Algorithm = token.EdDSA
		f.together(replicas, func(int) error {
			_, err := token.NewIssuer(t.Context(), f.db, cfg)
			return err
		})
		if kids, _ := f.states(); len(kids) != 2 {
			t.Errorf("there are %d keys", len(kids))
		}
	})
	t.Run("ByHand", func(t *testing.T) {
		t.Parallel()
		f := newFleet(t)
		keys := f.keys()
		var made [replicas]bool
		f.together(replicas, func(i int) (err error) {
			_, made[i], err = keys.Rotate(t.Context(), audit.System)
			return err
		})
		if kids, _ := f.states(); len(kids) != 2 || len(slices.DeleteFunc(made[:], func(m bool) bool { return !m })) != 1 {
			t.Errorf("there are %d keys, and %v say that they made one", len(kids), made)
		}
	})
}

func TestJW09_ANewAlgorithmTakesOverLikeAnyNewKey(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	old := f.issue(f.a)
	// One replica has restarted with another setting, and the other one not.
	f.a = newIssuer(t, f.db, func(c *token.Config) { c.Algorithm = token.EdDSA })
	f.reload()
	f.reload()
	kids, _ := f.states()
	if len(kids) != 2 {
		t.Fatalf("replicas with two settings made %d keys", len(kids))
	}
	if during := f.issue(f.a); during.kid != old.kid {
		t.Errorf("key %s signs at once", during.kid)
	}
	f.advance(token.Lead)
	for _, i := range []*token.Issuer{f.a, f.b} {
		after := f.issue(i)
		header, _, _ := parts(t, after.access)
		if header["alg"] != "EdDSA" || after.kid != kids[1] {
			t.Errorf("a token's header is %v", header)
		}
		f.reads("of the new algorithm", after, nil, nil)
	}
	f.reads("of the old algorithm", old, nil, nil)
	newIssuer(t, f.db, func(c *token.Config) { c.Algorithm = token.EdDSA })
	if again, _ := f.states(); !slices.Equal(kids, again) {
		t.Errorf("a further start makes of %v %v", kids, again)
	}
}

func TestJW09_ALeakedKeyIsReplacedAtOnce(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	first := f.issue(f.a)
	f.rotate()
	f.reload()
	f.advance(token.Lead)
	second := f.issue(f.a)
	f.rotate()
	f.reload()
	// Remembered tokens too.
	f.reads("before", first, nil, nil)
	f.reads("before", second, nil, nil)

	made, removed, err := f.keys().Replace(t.Context(), audit.System)
	if err != nil || removed != 3 || made.State != token.KeySigning || !made.SignsFrom.Equal(f.clock.Now()) {
		t.Fatalf("Replace = %+v, %d, %v", made, removed, err)
	}
	f.reload()
	f.reads("of a leaked key", first, token.ErrInvalid, token.ErrInvalid)
	f.reads("of a leaked key", second, token.ErrInvalid, token.ErrInvalid)
	if kids, _ := f.states(); !slices.Equal(kids, []string{made.ID}) {
		t.Errorf("the keys are %v", kids)
	}
	again := f.issue(f.b)
	if again.kid != made.ID {
		t.Errorf("key %s signs", again.kid)
	}
	f.reads("of the new key", again, nil, nil)
	if set := string(f.a.KeySet().JSON); strings.Contains(set, first.kid) || strings.Contains(set, second.kid) {
		t.Errorf("a leaked key is still published: %s", set)
	}
}

func TestJW09_OneKeyWaitsForItsTurn(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	next := f.rotate()
	f.advance(token.Lead - time.Second)
	again, made, err := f.keys().Rotate(t.Context(), audit.System)
	if err != nil || made {
		t.Errorf("Rotate = %v, %v", made, err)
	}
	if diff := cmp.Diff(next, again); diff != "" {
		t.Errorf("(-first +second):\n%s", diff)
	}
	f.advance(time.Second)
	if third := f.rotate(); third.ID == next.ID {
		t.Error("a key that signs is said to wait")
	}
	// Another algorithm is another wish.
	if _, made, err := f.keys(func(c *token.Config) { c.Algorithm = token.EdDSA }).Rotate(t.Context(), audit.System); err != nil || !made {
		t.Errorf("with another algorithm: %v, %v", made, err)
	}
}

// Whoever signed in while tokens lived longer keeps what was promised then.
func TestJW09_AShorterLifeOfTokensRemovesNoKeyEarly(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	old := f.issue(f.a)
	short := func(c *token.Config) { c.AccessTTL, c.RefreshTTL = time.Minute, time.Hour }
	f.a, f.b = newIssuer(t, f.db, short), newIssuer(t, f.db, short)
	f.rotate()
	f.advance(token.Lead)
	f.advance(refreshTTL - token.Lead - time.Second)
	f.reload()
	f.reads("of the old key", old, token.ErrExpired, nil)

	// And a longer one is noted before there are such tokens.
	long := func(c *token.Config) { c.RefreshTTL = 30 * 24 * time.Hour }
	f.a, f.b = newIssuer(t, f.db, long), newIssuer(t, f.db, long)
	keys, err := token.ListKeys(t.Context(), f.db)
	if err != nil {
		t.Fatal(err)
	}
	f.rotate()
	after, err := token.ListKeys(t.Context(), f.db)
	if err != nil {
		t.Fatal(err)
	}
	if !after[0].RemovedAt.Equal(keys[0].RemovedAt) {
		t.Errorf("a retired key is now removed at %v instead of %v", after[0].RemovedAt, keys[0].RemovedAt)
	}
	if want := f.clock.Now().Add(token.Lead + 30*24*time.Hour + time.Minute); !after[1].RemovedAt.Equal(want) {
		t.Errorf("the signing key is removed at %v, want %v", after[1].RemovedAt, want)
	}
}
