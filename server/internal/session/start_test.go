package session_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

func TestSE01_EachAuthenticationMakesANewSession(t *testing.T) {
	t.Parallel()

	b := setup(t)
	cfg := session.Config{RefreshTTL: refreshTTL, MaxAge: 30 * 24 * time.Hour}
	firstAccess, firstRefresh := b.starts(t, cfg, session.Client{})
	secondAccess, secondRefresh := b.starts(t, cfg, session.Client{})
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
	access, _ := b.starts(t, session.Config{RefreshTTL: refreshTTL, MaxAge: refreshTTL}, session.Client{})
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
		access, refresh := b.starts(t, c.cfg, session.Client{})
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
		access, _ := b.starts(t, cfg, session.NewClient(agent, "2001:db8::1", ""))
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

// The log tells of an ended session until its last access token ends: one that ended later would be good again by then.
func TestSE09_NoAccessTokenOutlivesWhatTheLogIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sessions := b.service(t, usual)
	const slow = 3 * time.Second
	var started session.Started
	if err := b.db.InTx(t.Context(), func(tx db.Tx) (err error) {
		started, err = sessions.Start(t.Context(), tx, session.StartInput{
			User: b.user, Role: "trainee", AMR: []string{session.Password},
		})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b.clock.Advance(slow)
	first, err := sessions.Tokens(started)
	if err != nil {
		t.Fatal(err)
	}
	b.endsInTime(t, first)

	// The same where a renewal has to wait.
	type answer struct {
		tokens session.Tokens
		err    error
	}
	answered := make(chan answer, 1)
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		if _, err := tx.Exec(t.Context(), "SELECT FROM sessions FOR UPDATE"); err != nil {
			return err
		}
		go func() {
			tokens, err := sessions.Refresh(t.Context(), first.Refresh.Text, session.Client{})
			answered <- answer{tokens, err}
		}()
		await(t, "the renewal waits", func() bool {
			return b.count(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") > 0
		})
		b.clock.Advance(slow)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	next := <-answered
	if next.err != nil {
		t.Fatal(next.err)
	}
	b.endsInTime(t, next.tokens)
}

// endsInTime compares an access token with what is noted of its session.
func (b *bundle) endsInTime(t testing.TB, tokens session.Tokens) {
	t.Helper()
	access := b.readAccess(t, tokens)
	var noted time.Time
	if err := b.db.QueryRow(t.Context(), "SELECT access_expires_at FROM sessions WHERE id = $1", uuid.UUID(access.Session)).Scan(&noted); err != nil {
		t.Fatal(err)
	}
	if access.ExpiresAt.After(noted) {
		t.Errorf("the access token ends at %v, but an ended session is refused until %v only", access.ExpiresAt, noted)
	}
}
