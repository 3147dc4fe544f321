package token_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

func TestASignatureIsCheckedOnce(t *testing.T) {
	t.Parallel()

	f := newFleet(t)
	p := f.issue(f.a)
	first, err := f.a.ReadAccess(p.access)
	if err != nil {
		t.Fatal(err)
	}
	queries, checks := f.db.Stat().AcquireCount(), f.a.SignatureChecks()
	for range 100 {
		again, err := f.a.ReadAccess(p.access)
		if diff := cmp.Diff(first, again); err != nil || diff != "" {
			t.Fatalf("%v (-first +again):\n%s", err, diff)
		}
	}
	if n := f.a.SignatureChecks() - checks; n != 0 {
		t.Errorf("%d signatures were checked", n)
	}
	// New ones too.
	for range 10 {
		if _, err := f.a.ReadAccess(f.issue(f.b).access); err != nil {
			t.Fatal(err)
		}
	}
	if n := f.a.SignatureChecks() - checks; n != 10 {
		t.Errorf("for ten new tokens, %d signatures were checked", n)
	}
	if n := f.db.Stat().AcquireCount() - queries; n != 0 {
		t.Errorf("the database was asked %d times", n)
	}
}

//nolint:paralleltest // AllocsPerRun counts what the whole program allocates
func TestASeenTokenAllocatesOnlyItsCopy(t *testing.T) {
	b := setup(t)
	if _, err := b.issuer.ReadAccess(b.access); err != nil {
		t.Fatal(err)
	}
	if n := testing.AllocsPerRun(1000, func() { _, _ = b.issuer.ReadAccess(b.access) }); n > 1 {
		t.Errorf("reading it allocates %v times", n)
	}
}

func TestJW04_ASeenTokenIsDeadAtTheSecondOfItsEnd(t *testing.T) {
	t.Parallel()

	b := setup(t)
	a, err := b.issuer.ReadAccess(b.access)
	if err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(a.ExpiresAt.Sub(b.clock.Now()) - time.Microsecond)
	if _, err := b.issuer.ReadAccess(b.access); err != nil {
		t.Errorf("right before its end: %v", err)
	}
	b.clock.Advance(time.Microsecond)
	for range 3 {
		if _, err := b.issuer.ReadAccess(b.access); !errors.Is(err, token.ErrExpired) {
			t.Errorf("at its end: %v", err)
		}
	}
	if n := b.issuer.Remembered(); n != 0 {
		t.Errorf("%d dead tokens are cached", n)
	}
}

func TestJW06_ASeenTokenIsStillNoRefreshToken(t *testing.T) {
	t.Parallel()

	b := setup(t)
	for range 2 {
		if _, err := b.issuer.ReadAccess(b.access); err != nil {
			t.Fatal(err)
		}
		if _, err := b.issuer.ReadRefresh(b.refresh); err != nil {
			t.Fatal(err)
		}
		if _, err := b.issuer.ReadRefresh(b.access); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("ReadRefresh = %v", err)
		}
		if _, err := b.issuer.ReadAccess(b.refresh); !errors.Is(err, token.ErrInvalid) {
			t.Errorf("ReadAccess = %v", err)
		}
	}
	if n := b.issuer.Remembered(); n != 1 {
		t.Errorf("%d tokens are cached", n)
	}
}

// What costs a sender nothing must not push out what is used.
func TestJunkIsNotRemembered(t *testing.T) {
	t.Parallel()

	b := setup(t)
	dead, err := b.issuer.Access(token.Access{
		User: id.NewUser(), Session: id.NewSession(), Role: "trainee", AMR: []string{"pwd"}, AuthenticatedAt: b.clock.Now(),
	}, b.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	header, payload, signature := parts(t, b.access)
	for name, text := range map[string]string{
		"expired":        dead.Text.Reveal(),
		"forged":         forge(t, header, payload.with(object{"role": "admin"}), constant(signature)),
		"of another kid": forge(t, header.with(object{"kid": "x"}), payload, es256(t, b.key)),
		"another kind":   b.refresh,
		"nothing":        "",
		"a word":         "junk",
	} {
		if _, err := b.issuer.ReadAccess(text); err == nil {
			t.Errorf("%s: it is good", name)
		}
	}
	if n := b.issuer.Remembered(); n != 0 {
		t.Errorf("%d of them are cached", n)
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	t.Parallel()

	b := setup(t)
	b.issuer.RememberMany(3 * token.MaxRemembered)
	if n := b.issuer.Remembered(); n > token.MaxRemembered || n < token.MaxRemembered/2 {
		t.Errorf("%d tokens are cached, of at most %d", n, token.MaxRemembered)
	}
}

func BenchmarkReadAccess_Seen(b *testing.B) {
	s := setup(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.issuer.ReadAccess(s.access); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadAccess_New(b *testing.B) {
	issuer, keys := mixedRing(b)
	for _, k := range keys {
		b.Run(string(k.Algorithm), func(b *testing.B) {
			access, _ := issue(b, issuer.WithClock(k.Clock()), k.From)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := issuer.ReadNewAccess(access); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	issuer, keys := mixedRing(b)
	for _, k := range keys {
		b.Run(string(k.Algorithm), func(b *testing.B) {
			then := issuer.WithClock(k.Clock())
			for b.Loop() {
				issue(b, then, k.From)
			}
		})
	}
}
