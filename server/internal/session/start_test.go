package session_test

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

const accessTTL, refreshTTL = 24 * time.Hour, 7 * 24 * time.Hour

type bundle struct {
	clock  *dbtest.Clock
	db     *db.DB
	tokens *token.Issuer
	audit  *audit.Log
	user   id.User
}

func setup(t *testing.T) *bundle {
	t.Helper()
	clock := dbtest.NewClock()
	b := &bundle{clock: clock, db: dbtest.New(t, clock.Now), user: id.NewUser()}
	master, err := secret.NewMaster(secret.NewText("a master secret for tests of sessions"))
	if err != nil {
		t.Fatal(err)
	}
	b.tokens, err = token.NewIssuer(t.Context(), b.db, token.Config{Issuer: "http://latchkey.test", AccessTTL: accessTTL, Master: master})
	if err != nil {
		t.Fatal(err)
	}
	b.audit = audit.New(b.db, master)
	email := "ada@example.com"
	if _, err := dbsqlc.New().CreateUser(t.Context(), b.db, dbsqlc.CreateUserParams{
		ID: uuid.UUID(b.user), Email: &email, Name: "Ada", Nickname: "ada", NicknameKey: "ada", Role: "trainee", Locale: "en",
	}); err != nil {
		t.Fatal(err)
	}
	return b
}

// service makes a replica.
func (b *bundle) service(t *testing.T, cfg session.Config) *session.Service {
	t.Helper()
	s, err := session.New(session.Deps{DB: b.db, Tokens: b.tokens, Audit: b.audit, Log: slog.New(slog.DiscardHandler)}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// start makes a session, and reads its tokens.
func (b *bundle) start(t *testing.T, cfg session.Config, client session.Client) (token.Access, token.Refresh) {
	t.Helper()
	sessions := b.service(t, cfg)
	var started session.Started
	if err := b.db.InTx(t.Context(), func(tx db.Tx) (err error) {
		started, err = sessions.Start(t.Context(), tx, session.StartInput{
			User: b.user, Role: "trainee", AMR: []string{session.Password}, Client: client,
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	tokens, err := sessions.Tokens(started)
	if err != nil {
		t.Fatal(err)
	}
	access, err := b.tokens.ReadAccess(tokens.Access.Text.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	refresh, err := b.tokens.ReadRefresh(tokens.Refresh.Text.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	return access, refresh
}

func TestSE01_EachAuthenticationMakesANewSession(t *testing.T) {
	t.Parallel()

	b := setup(t)
	cfg := session.Config{RefreshTTL: refreshTTL, MaxAge: 30 * 24 * time.Hour}
	firstAccess, firstRefresh := b.start(t, cfg, session.Client{})
	secondAccess, secondRefresh := b.start(t, cfg, session.Client{})
	if firstAccess.Session == secondAccess.Session {
		t.Error("two sign-ins share a session")
	}
	if firstAccess.Session != firstRefresh.Session || secondAccess.Session != secondRefresh.Session {
		t.Error("the two tokens of a session are of different ones")
	}
}

func TestSE10_TokensTellWhenAndHowTheUserSignedIn(t *testing.T) {
	t.Parallel()

	b := setup(t)
	access, _ := b.start(t, session.Config{RefreshTTL: refreshTTL, MaxAge: refreshTTL}, session.Client{})
	want := token.Access{
		User: b.user, Session: access.Session, Role: "trainee", AMR: []string{"pwd"},
		AuthenticatedAt: b.clock.Now().Truncate(time.Second), ExpiresAt: b.clock.Now().Add(accessTTL).Truncate(time.Second),
	}
	if diff := cmp.Diff(want, access); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSE08_ASessionHasAnIdleEndAndAnAbsoluteOne(t *testing.T) {
	t.Parallel()

	b := setup(t)
	now := b.clock.Now()
	for name, c := range map[string]struct {
		cfg             session.Config
		access, refresh time.Duration
	}{
		"usual":          {session.Config{RefreshTTL: refreshTTL, MaxAge: 30 * 24 * time.Hour}, accessTTL, refreshTTL},
		"short sessions": {session.Config{RefreshTTL: refreshTTL, MaxAge: time.Hour}, time.Hour, time.Hour},
	} {
		access, refresh := b.start(t, c.cfg, session.Client{})
		if want := now.Add(c.access).Truncate(time.Second); !access.ExpiresAt.Equal(want) {
			t.Errorf("%s: the access token ends at %v, want %v", name, access.ExpiresAt, want)
		}
		if want := now.Add(c.refresh).Truncate(time.Second); !refresh.ExpiresAt.Equal(want) {
			t.Errorf("%s: the refresh token ends at %v, want %v", name, refresh.ExpiresAt, want)
		}
		var idle, absolute time.Time
		if err := b.db.QueryRow(t.Context(), "SELECT expires_at, ends_at FROM sessions WHERE id = $1",
			uuid.UUID(access.Session)).Scan(&idle, &absolute); err != nil {
			t.Fatal(err)
		}
		if !idle.Equal(now.Add(c.refresh)) || !absolute.Equal(now.Add(c.cfg.MaxAge)) {
			t.Errorf("%s: the row ends at %v and %v", name, idle, absolute)
		}
	}
}

func TestIN01_AnyUserAgentIsStored(t *testing.T) {
	t.Parallel()

	b := setup(t)
	cfg := session.Config{RefreshTTL: refreshTTL, MaxAge: refreshTTL}
	for _, agent := range []string{"", "curl/8", "\x00\xff", strings.Repeat("가", 1000), strings.Repeat("\xff", 1000)} {
		access, _ := b.start(t, cfg, session.NewClient(agent, "2001:db8::1"))
		var stored, ip string
		if err := b.db.QueryRow(t.Context(), "SELECT user_agent, ip FROM sessions WHERE id = $1",
			uuid.UUID(access.Session)).Scan(&stored, &ip); err != nil {
			t.Fatal(err)
		}
		if len(stored) > 512 || ip != "2001:db8::1" {
			t.Errorf("%d bytes are stored, from %s", len(stored), ip)
		}
	}
}
