package token_test

import (
	"errors"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// fleet is two replicas on one database, with one clock that stands still until it is moved.
type fleet struct {
	t     testing.TB
	clock *dbtest.Clock
	db    *db.DB
	a, b  *token.Issuer
}

func newFleet(t testing.TB, change ...func(*token.Config)) *fleet {
	t.Helper()
	clock := dbtest.NewClock()
	d := dbtest.New(t, clock.Now)
	return &fleet{t: t, clock: clock, db: d, a: newIssuer(t, d, change...), b: newIssuer(t, d, change...)}
}

func (f *fleet) keys(change ...func(*token.Config)) *token.Keys {
	f.t.Helper()
	cfg := config(f.t, masterSecret)
	for _, c := range change {
		c(&cfg)
	}
	return token.NewKeys(f.db, cfg)
}

func (f *fleet) rotate() token.KeyInfo {
	f.t.Helper()
	next, made, err := f.keys().Rotate(f.t.Context(), audit.System)
	if err != nil || !made {
		f.t.Fatalf("Rotate = %+v, %v, %v", next, made, err)
	}
	return next
}

func (f *fleet) reload() {
	f.t.Helper()
	for _, i := range []*token.Issuer{f.a, f.b} {
		if err := i.Reload(f.t.Context()); err != nil {
			f.t.Fatal(err)
		}
	}
}

// pair is the two tokens of a session, and the key that signed them.
type pair struct{ access, refresh, kid string }

func (f *fleet) issue(i *token.Issuer) pair {
	f.t.Helper()
	access, refresh := issue(f.t, i, f.clock.Now())
	header, _, _ := parts(f.t, access)
	other, _, _ := parts(f.t, refresh)
	if header["kid"] != other["kid"] {
		f.t.Errorf("the tokens of a session are signed by %v and %v", header["kid"], other["kid"])
	}
	return pair{access, refresh, header["kid"].(string)}
}

// reads sees what both replicas say of both tokens: nil, ErrExpired or ErrInvalid.
func (f *fleet) reads(name string, p pair, access, refresh error) {
	f.t.Helper()
	for replica, i := range map[string]*token.Issuer{"a": f.a, "b": f.b} {
		if _, err := i.ReadAccess(p.access); !errors.Is(err, access) {
			f.t.Errorf("%s: ReadAccess on %s = %v, want %v", name, replica, err, access)
		}
		if _, err := i.ReadRefresh(p.refresh); !errors.Is(err, refresh) {
			f.t.Errorf("%s: ReadRefresh on %s = %v, want %v", name, replica, err, refresh)
		}
	}
}

// states gives the keys of the database and what each does.
func (f *fleet) states() (kids []string, states []token.KeyState) {
	f.t.Helper()
	keys, err := token.ListKeys(f.t.Context(), f.db)
	if err != nil {
		f.t.Fatal(err)
	}
	for _, k := range keys {
		kids, states = append(kids, k.ID), append(states, k.State)
	}
	return kids, states
}

func (f *fleet) advance(d time.Duration) { f.clock.Advance(d) }
