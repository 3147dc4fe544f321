package token_test

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

const (
	issuerURL    = "https://accounts.example.test"
	masterSecret = "a master secret for tests of tokens, nothing else"
	accessTTL    = 24 * time.Hour
	refreshTTL   = 7 * 24 * time.Hour
)

func config(t testing.TB, master string) token.Config {
	t.Helper()
	m, err := secret.NewMaster(secret.NewText(master))
	if err != nil {
		t.Fatal(err)
	}
	return token.Config{Issuer: issuerURL, AccessTTL: accessTTL, RefreshTTL: refreshTTL, Master: m}
}

// bundle is a server's issuer, and everything that a forger could dream of, its private key included.
type bundle struct {
	issuer *token.Issuer
	clock  *dbtest.Clock
	kid    string
	key    *ecdsa.PrivateKey
	// access and refresh are valid tokens of one session.
	access, refresh string
}

// A created issuer does not use the database, so all tests of reading share one, each with its own clock.
var (
	makeServer sync.Once
	server     *token.Issuer
)

func setup(t testing.TB) *bundle {
	t.Helper()
	makeServer.Do(func() { server = newIssuer(t, dbtest.New(t)) })
	if server == nil {
		t.Fatal("the test that came first could not make an issuer")
	}
	clock := dbtest.NewClock()
	b := &bundle{clock: clock, issuer: server.WithClock(clock.Now)}
	b.kid, b.key = b.issuer.SigningKey()
	b.access, b.refresh = issue(t, b.issuer, b.clock.Now())
	return b
}

func issue(t testing.TB, i *token.Issuer, now time.Time) (access, refresh string) {
	t.Helper()
	user, session := id.NewUser(), id.NewSession()
	a, err := i.Access(token.Access{
		User: user, Session: session, Role: "trainee", AMR: []string{"pwd"}, AuthenticatedAt: now,
	}, now.Add(30*24*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	r, err := i.Refresh(token.Refresh{User: user, Session: session, Counter: 3, ExpiresAt: now.Add(refreshTTL)})
	if err != nil {
		t.Fatal(err)
	}
	return a.Text.Reveal(), r.Text.Reveal()
}

// object is a header or a payload.
type object map[string]any

// with returns a copy with other members.
func (o object) with(changed object) object {
	o = maps.Clone(o)
	maps.Copy(o, changed)
	return o
}

// without returns a copy without some members.
func (o object) without(names ...string) object {
	o = maps.Clone(o)
	for _, name := range names {
		delete(o, name)
	}
	return o
}

var raw = base64.RawURLEncoding

func encode(t testing.TB, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return raw.EncodeToString(text)
}

// parts takes a token of the server apart.
func parts(t testing.TB, text string) (header, payload object, signature []byte) {
	t.Helper()
	three := strings.Split(text, ".")
	for i, into := range []*object{&header, &payload} {
		part, err := raw.DecodeString(three[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(part, into); err != nil {
			t.Fatal(err)
		}
	}
	signature, err := raw.DecodeString(three[2])
	if err != nil {
		t.Fatal(err)
	}
	return header, payload, signature
}

// signer signs the first two parts of a token.
type signer func(input []byte) []byte

// forge puts a token together.
func forge(t testing.TB, header, payload any, sign signer) string {
	t.Helper()
	input := encode(t, header) + "." + encode(t, payload)
	return input + "." + raw.EncodeToString(sign([]byte(input)))
}

// es256 signs as ES256 does (RFC 7518 section 3.4).
func es256(t testing.TB, key *ecdsa.PrivateKey) signer {
	return func(input []byte) []byte {
		sum := sha256.Sum256(input)
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		size := (key.Params().BitSize + 7) / 8
		return append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
	}
}

// refused checks that a text is accepted as neither kind of token, and is not reported as expired.
func (b *bundle) refused(t testing.TB, name, text string) {
	t.Helper()
	if _, err := b.issuer.ReadAccess(text); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("%s: ReadAccess = %v, want ErrInvalid", name, err)
	}
	if _, err := b.issuer.ReadRefresh(text); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("%s: ReadRefresh = %v, want ErrInvalid", name, err)
	}
}

// accepts is the control: a forged token is refused because of the change, and not because it is forged.
func (b *bundle) accepts(t testing.TB, access, refresh string) {
	t.Helper()
	if _, err := b.issuer.ReadAccess(access); err != nil {
		t.Fatalf("the control: ReadAccess = %v", err)
	}
	if _, err := b.issuer.ReadRefresh(refresh); err != nil {
		t.Fatalf("the control: ReadRefresh = %v", err)
	}
}

// kind is a valid token in parts, to be signed with the server's own key after a change.
type kind struct {
	name            string
	header, payload object
}

// kinds returns both kinds, after the control.
func (b *bundle) kinds(t testing.TB) []kind {
	t.Helper()
	both := []kind{{name: "access"}, {name: "refresh"}}
	both[0].header, both[0].payload, _ = parts(t, b.access)
	both[1].header, both[1].payload, _ = parts(t, b.refresh)
	b.accepts(t,
		forge(t, both[0].header, both[0].payload, es256(t, b.key)),
		forge(t, both[1].header, both[1].payload, es256(t, b.key)))
	return both
}

// refusedClaims signs both kinds with changed claims.
func (b *bundle) refusedClaims(t testing.TB, name string, changed object) {
	t.Helper()
	for _, k := range b.kinds(t) {
		b.refused(t, k.name+" with "+name, forge(t, k.header, k.payload.with(changed), es256(t, b.key)))
	}
}

// refusedHeader signs both kinds with a changed header.
func (b *bundle) refusedHeader(t testing.TB, name string, changed object) {
	t.Helper()
	for _, k := range b.kinds(t) {
		b.refused(t, k.name+" with "+name, forge(t, k.header.with(changed), k.payload, es256(t, b.key)))
	}
}
