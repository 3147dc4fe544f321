package account_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/cleanup"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

const accountDisabled = latchkeyv1.Reason_REASON_ACCOUNT_DISABLED

// gadget is a sign-in of an account, with every token that it was ever given.
type gadget struct {
	b      *bundle
	caller account.Caller
	first  secret.Text

	mu   sync.Mutex
	held []session.Tokens
}

func (b *bundle) gadget(address string) *gadget {
	b.t.Helper()
	in, err := b.accounts.SignIn(b.t.Context(), credentials(address, goodPassword))
	if err != nil {
		b.t.Fatal(err)
	}
	access, err := b.tokens.ReadAccess(in.Tokens.Access.Text.Reveal())
	if err != nil {
		b.t.Fatal(err)
	}
	return &gadget{b: b, caller: account.Caller{User: access.User, Session: access.Session}, first: in.Tokens.Refresh.Text, held: []session.Tokens{in.Tokens}}
}

// refresh presents the first token.
func (g *gadget) refresh() error {
	tokens, err := g.b.sessions.Refresh(g.b.t.Context(), g.first, session.Client{})
	if err == nil {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.held = append(g.held, tokens)
	}
	return err
}

// isDead sees that no token of it is worth anything, neither by memory nor by the database.
func (g *gadget) isDead(round int) {
	g.b.t.Helper()
	for _, tokens := range g.held {
		access, err := g.b.tokens.ReadAccess(tokens.Access.Text.Reveal())
		if err != nil {
			g.b.t.Fatal(err)
		}
		_, err = g.b.sessions.Check(g.b.t.Context(), access)
		if got := reason(g.b.t, err); got != sessionRevoked && got != accountDisabled {
			g.b.t.Errorf("round %d: an access token lives on: %v", round, got)
		}
		_, err = g.b.sessions.Refresh(g.b.t.Context(), tokens.Refresh.Text, session.Client{})
		if got := reason(g.b.t, err); got != sessionRevoked && got != accountDisabled {
			g.b.t.Errorf("round %d: a refresh token lives on: %v", round, got)
		}
	}
}

// administrator creates an account with that role.
func (b *bundle) administrator(i int) account.Caller {
	b.t.Helper()
	m := b.joins(1000 + i)
	if _, err := b.db.Exec(b.t.Context(), "UPDATE users SET role = 'admin' WHERE id = $1", uuid.UUID(m.caller.User)); err != nil {
		b.t.Fatal(err)
	}
	return m.caller
}

// follows has the bundle's sessions go by memory, as those of a server do.
func (b *bundle) follows() {
	ctx, cancel := context.WithCancel(context.WithoutCancel(b.t.Context()))
	var running sync.WaitGroup
	running.Go(func() { b.sessions.Run(ctx) })
	b.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
}

func repeat(n int, call func() error) []func() error {
	calls := make([]func() error, n)
	for i := range calls {
		calls[i] = call
	}
	return calls
}

func TestSE06_ASignOutAgainstRefreshing(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	b.follows()
	for round := range 2 * rounds {
		m := b.joins(round)
		phone, laptop := b.gadget(m.address), b.gadget(m.address)
		calls := append(repeat(10, phone.refresh),
			func() error { return b.accounts.SignOut(t.Context(), phone.caller) },
			func() error { return b.accounts.SignOut(t.Context(), phone.caller) },
			func() error { return b.accounts.RevokeSession(t.Context(), laptop.caller, phone.caller.Session) },
			func() error { return b.accounts.RevokeOtherSessions(t.Context(), laptop.caller) },
		)
		calls = append(calls, repeat(5, laptop.refresh)...)
		only(t, round, tally(contest(t, calls...)), success, sessionRevoked, notFound)
		phone.isDead(round)
		if n := b.count("SELECT count(*) FROM sessions WHERE user_id = $1", uuid.UUID(m.caller.User)); n != 1 {
			t.Errorf("round %d: %d sessions are left, want the laptop's", round, n)
		}
		if err := laptop.refresh(); err != nil {
			t.Errorf("round %d: the laptop was signed out: %v", round, err)
		}
	}
}

// A user who is disabled or deleted at the end has no valid token, whatever was in progress.
func TestSE04_EverythingThatEndsSessionsAtOnce(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	b.follows()
	for round := range 2 * rounds {
		m := b.joins(round)
		phone, laptop := b.gadget(m.address), b.gadget(m.address)
		admin := b.administrator(round)
		calls := append(repeat(5, phone.refresh), repeat(5, laptop.refresh)...)
		calls = append(calls,
			func() error { return b.accounts.SignOut(t.Context(), phone.caller) },
			func() error { return b.accounts.RevokeOtherSessions(t.Context(), laptop.caller) },
			func() error { return b.admin.RevokeSessions(t.Context(), admin, m.caller.User) },
			func() error {
				_, err := b.admin.SetRole(t.Context(), admin, m.caller.User, account.AdminRole)
				return err
			},
			func() error {
				_, err := b.admin.Disable(t.Context(), admin, m.caller.User, "")
				return err
			},
			func() error {
				return b.accounts.ChangePassword(t.Context(), laptop.caller, secret.NewText(goodPassword), secret.NewText("Horse-number2"))
			},
			func() error {
				_, err := b.accounts.SignIn(t.Context(), credentials(m.address, goodPassword))
				return err
			},
			func() error {
				_, err := dbsqlc.New().SweepSessions(t.Context(), b.db, b.clock.Now())
				return err
			},
		)
		if round%2 == 0 {
			calls = append(calls, func() error {
				return b.accounts.DeleteAccount(t.Context(), laptop.caller)
			})
		}
		only(t, round, tally(contest(t, calls...)), success, sessionRevoked, accountDisabled, credentialsInvalid, notFound)
		phone.isDead(round)
		laptop.isDead(round)
		if n := b.count("SELECT count(*) FROM sessions WHERE user_id = $1", uuid.UUID(m.caller.User)); n != 0 {
			t.Errorf("round %d: %d sessions live", round, n)
		}
	}
}

// A sweep locks rows of many users in any order, while other calls lock those of one.
func TestSE08_SweepingAgainstEndingSessions(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	for round := range rounds {
		m := b.joins(round)
		if _, err := b.db.Exec(t.Context(), `
			INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at)
			SELECT gen_random_uuid(), user_id, amr, authenticated_at, user_agent, ip, last_used_at, now() - n * interval '1 minute', ends_at
			FROM sessions, generate_series(1, 500) n WHERE user_id = $1`, uuid.UUID(m.caller.User)); err != nil {
			t.Fatal(err)
		}
		calls := append(repeat(4, func() error {
			_, err := dbsqlc.New().SweepSessions(t.Context(), b.db, b.clock.Now())
			return err
		}), repeat(4, func() error { return b.accounts.RevokeOtherSessions(t.Context(), m.caller) })...)
		if got := tally(contest(t, calls...)); got[success] != len(calls) {
			t.Errorf("round %d: %v", round, got)
		}
	}
}

// A swept session has no valid tokens, so no replica needs an entry about it.
func TestSE09_OnlyWhatMattersIsWrittenDown(t *testing.T) {
	t.Parallel()

	b := setup(t, patient)
	m := b.joins(0)
	written := func() int { return b.count("SELECT count(*) FROM revocations WHERE session_id IS NOT NULL") }
	for _, tc := range []struct {
		name, access string
		want         int
	}{
		{"its access token has ended", "now() - interval '2 minutes'", 0},
		{"just now, by a clock that may be late", "now() - interval '30 seconds'", 1},
		{"its access token lives", "now() + interval '1 hour'", 1},
		{"an earlier version has made it", "NULL", 1},
	} {
		if _, err := b.db.Exec(t.Context(), fmt.Sprintf(`
			INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, access_expires_at)
			VALUES (gen_random_uuid(), $1, '{pwd}', now(), '', '', now(), now() - interval '1 second', now() + interval '1 day', %s)`, tc.access),
			uuid.UUID(m.caller.User)); err != nil {
			t.Fatal(err)
		}
		before := written()
		if n, err := dbsqlc.New().SweepSessions(t.Context(), b.db, b.clock.Now()); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		if got := written() - before; got != tc.want {
			t.Errorf("%s: %d entries are written, want %d", tc.name, got, tc.want)
		}
	}
	// A deletion is one entry, however many sessions the account has: it ends all of them.
	b.gadget(m.address)
	before := written()
	if err := b.db.InTx(t.Context(), func(tx db.Tx) error {
		_, err := tx.Exec(t.Context(), "DELETE FROM users WHERE id = $1", uuid.UUID(m.caller.User))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if n, err := cleanup.EraseStep(t.Context(), b.db, uuid.UUID(m.caller.User)); err != nil || n < 2 {
		t.Errorf("%d rows are erased after it: %v", n, err)
	}
	if got := written() - before; got != 0 {
		t.Errorf("a deletion with two sessions names %d of them", got)
	}
	if n := b.count("SELECT count(*) FROM revocations WHERE session_id IS NULL AND user_id = $1", uuid.UUID(m.caller.User)); n != 1 {
		t.Errorf("the user's end is written %d times", n)
	}
}
