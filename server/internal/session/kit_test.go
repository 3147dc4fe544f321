package session_test

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

const (
	accessTTL, refreshTTL = 24 * time.Hour, 7 * 24 * time.Hour
	maxAge                = 30 * 24 * time.Hour
	grace                 = 30 * time.Second

	sessionRevoked  = latchkeyv1.Reason_REASON_SESSION_REVOKED
	accountDisabled = latchkeyv1.Reason_REASON_ACCOUNT_DISABLED
	refreshReused   = latchkeyv1.Reason_REASON_REFRESH_REUSED
	tokenExpired    = latchkeyv1.Reason_REASON_TOKEN_EXPIRED
	tokenInvalid    = latchkeyv1.Reason_REASON_TOKEN_INVALID

	// patience bounds what takes milliseconds on an idle machine.
	patience = time.Minute
)

var usual = session.Config{RefreshTTL: refreshTTL, MaxAge: maxAge, RefreshGrace: grace}

// bundle is a database with one user, and what replicas on it share.
type bundle struct {
	clock  *dbtest.Clock
	db     *db.DB
	tokens *token.Issuer
	master secret.Master
	audit  *audit.Log
	user   id.User
	users  atomic.Int32
}

func setup(t *testing.T) *bundle {
	t.Helper()
	clock := dbtest.NewClock()
	return setupOn(t, clock, dbtest.New(t, clock.Now))
}

func setupOn(t *testing.T, clock *dbtest.Clock, d *db.DB) *bundle {
	t.Helper()
	b := &bundle{clock: clock, db: d}
	var err error
	if b.master, err = secret.NewMaster(secret.NewText("a master secret for tests of sessions")); err != nil {
		t.Fatal(err)
	}
	b.tokens, err = token.NewIssuer(t.Context(), b.db, token.Config{Issuer: "http://latchkey.test", AccessTTL: accessTTL, Master: b.master})
	if err != nil {
		t.Fatal(err)
	}
	b.audit = audit.New(b.db, b.master)
	b.user = b.newUser(t)
	return b
}

func (b *bundle) newUser(t *testing.T) id.User {
	t.Helper()
	user, n := id.NewUser(), b.users.Add(1)
	email, nickname := fmt.Sprintf("ada%d@example.com", n), fmt.Sprintf("ada%d", n)
	if _, err := dbsqlc.New().CreateUser(t.Context(), b.db, dbsqlc.CreateUserParams{
		ID: uuid.UUID(user), Email: &email, Name: "Ada", Nickname: nickname, NicknameKey: nickname, Role: "trainee", Locale: "en",
	}); err != nil {
		t.Fatal(err)
	}
	return user
}

// service returns a replica that does not follow the others.
func (b *bundle) service(t *testing.T, cfg session.Config) *session.Service {
	t.Helper()
	return b.serviceOn(t, b.db, cfg, slog.New(slog.DiscardHandler))
}

func (b *bundle) serviceOn(t *testing.T, d *db.DB, cfg session.Config, log *slog.Logger) *session.Service {
	t.Helper()
	s, err := session.New(session.Deps{DB: d, Tokens: b.tokens, Audit: audit.New(d, b.master), Log: log}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// replica is a Service with its own way to the database, which follows what others do until the test ends.
type replica struct {
	*session.Service
	bundle *bundle
	db     *db.DB
	log    *logbook
	stop   func()
}

func (b *bundle) replica(t *testing.T, cfg session.Config) *replica {
	t.Helper()
	return b.replicaAt(t, db.Config{URL: db.URL(b.url()), MaxConns: 10, Clock: b.clock.Now}, cfg)
}

func (b *bundle) url() string { return b.db.Config().ConnString() }

// replicaAt returns a replica as it is right after its start.
func (b *bundle) replicaAt(t *testing.T, at db.Config, cfg session.Config) *replica {
	t.Helper()
	d, err := db.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	r := &replica{bundle: b, db: d, log: &logbook{}}
	r.Service = b.serviceOn(t, d, cfg, slog.New(r.log))
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.Run(ctx)
	}()
	r.stop = func() {
		cancel()
		<-ended
	}
	t.Cleanup(r.stop)
	return r
}

// awaitFresh waits until a replica uses its caches.
func (r *replica) awaitFresh(t testing.TB) *replica {
	t.Helper()
	await(t, "the replica goes by its memory", r.Fresh)
	return r
}

// starts starts a session, and reads its tokens.
func (b *bundle) starts(t *testing.T, cfg session.Config, client session.Client) (token.Access, token.Refresh) {
	t.Helper()
	tokens := b.signIn(t, b.service(t, cfg), b.user, client)
	return b.readAccess(t, tokens), b.readRefresh(t, tokens)
}

// signIn starts a session of a user.
func (b *bundle) signIn(t testing.TB, sessions *session.Service, user id.User, client session.Client) session.Tokens {
	t.Helper()
	var started session.Started
	if err := b.db.InTx(t.Context(), func(tx db.Tx) (err error) {
		started, err = sessions.Start(t.Context(), tx, session.StartInput{
			User: user, Role: "trainee", AMR: []string{session.Password}, Client: client,
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	tokens, err := sessions.Tokens(started)
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func (b *bundle) readAccess(t testing.TB, tokens session.Tokens) token.Access {
	t.Helper()
	access, err := b.tokens.ReadAccess(tokens.Access.Text.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	return access
}

func (b *bundle) readRefresh(t testing.TB, tokens session.Tokens) token.Refresh {
	t.Helper()
	refresh, err := b.tokens.ReadRefresh(tokens.Refresh.Text.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	return refresh
}

// end signs out at a replica.
func (r *replica) end(t testing.TB, access token.Access) {
	t.Helper()
	if err := r.db.InTx(t.Context(), func(tx db.Tx) error {
		_, err := r.End(t.Context(), tx, access.User, access.Session)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// lets reports whether a replica accepts a token. A refusal must have one of these reasons. If some are given, an unavailable
// database is accepted too.
func (r *replica) lets(t testing.TB, access token.Access, reasons ...latchkeyv1.Reason) bool {
	t.Helper()
	_, err := r.Check(t.Context(), access)
	if err == nil {
		return true
	}
	for _, reason := range reasons {
		if fault.Is(err, reason) || db.Unavailable(err) {
			return false
		}
	}
	t.Errorf("the check fails: %v", err)
	return false
}

func refused(t testing.TB, err error, reason latchkeyv1.Reason) {
	t.Helper()
	if !fault.Is(err, reason) {
		t.Errorf("got %v, want a refusal for %s", err, reason)
	}
}

func (b *bundle) count(t testing.TB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := b.db.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (b *bundle) exec(t testing.TB, statement string, args ...any) {
	t.Helper()
	if _, err := b.db.Exec(t.Context(), statement, args...); err != nil {
		t.Fatal(err)
	}
}

func await(t testing.TB, what string, reached func() bool) {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	again := time.NewTicker(time.Millisecond)
	defer again.Stop()
	for !reached() {
		select {
		case <-again.C:
		case <-timeout.C:
			t.Fatalf("after %v it is not so that %s", patience, what)
		}
	}
}
