package session_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// endOthers ends all sessions of a user but one, as the use-cases do: it holds the user's row.
func (r *replica) endOthers(t testing.TB, user id.User, keep id.Session) {
	t.Helper()
	if err := r.db.InTx(t.Context(), func(tx db.Tx) error {
		if _, err := tx.Exec(t.Context(), "SELECT FROM users WHERE id = $1 FOR NO KEY UPDATE", uuid.UUID(user)); err != nil {
			return err
		}
		return r.EndOthers(t.Context(), tx, user, keep)
	}); err != nil {
		t.Fatal(err)
	}
}

// crowd adds sessions to a user, as an earlier version allowed them, and returns tokens of some of them.
func (b *bundle) crowd(t testing.TB, n, some int) []token.Access {
	t.Helper()
	tokens := make([]token.Access, some)
	rows := make([]uuid.UUID, some)
	for i := range tokens {
		tokens[i] = token.Access{
			User: b.user, Session: id.NewSession(), Role: "trainee", AMR: []string{session.Password},
			AuthenticatedAt: b.clock.Now(), ExpiresAt: b.clock.Now().Add(accessTTL),
		}
		rows[i] = uuid.UUID(tokens[i].Session)
	}
	b.exec(t, `INSERT INTO sessions (id, user_id, amr, authenticated_at, user_agent, ip, last_used_at, expires_at, ends_at, access_expires_at, sweep_at)
		SELECT coalesce(($2::uuid[])[n], gen_random_uuid()), $1, '{pwd}', now(), '', '', now(), $4, $4, $5, $4
		FROM generate_series(1, $3::integer) n`,
		uuid.UUID(b.user), rows, n, b.clock.Now().Add(maxAge), b.clock.Now().Add(accessTTL))
	return tokens
}

// dies waits until a replica refuses a token, and then checks that it stays refused.
func (r *replica) dies(t testing.TB, access token.Access) {
	t.Helper()
	r.outlives(t, access, db.StartStopwatch())
	if r.lets(t, access, sessionRevoked) {
		t.Error("a token that was refused is let in")
	}
}

// The figure was two million; the time does not depend on it.
func TestSE03_EndingAllSessionsTakesTheSameTimeHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	const many = 20_000
	b := setup(t)
	here, there := b.replica(t, usual).awaitFresh(t), b.replica(t, usual).awaitFresh(t)
	kept := b.signIn(t, here.Service, b.user, session.Client{})
	keptToken := b.readAccess(t, kept)
	dead := b.crowd(t, many, 5)
	for _, r := range []*replica{here, there} {
		for _, access := range append(dead, keptToken) {
			if !r.lets(t, access) {
				t.Fatal("a good token is refused")
			}
		}
	}
	written := b.count(t, "SELECT count(*) FROM revocations")

	here.endOthers(t, b.user, keptToken.Session)
	if n := b.count(t, "SELECT count(*) FROM sessions"); n < many/2 {
		t.Errorf("%d sessions are left: all of them were touched", n)
	}
	if n := b.count(t, "SELECT count(*) FROM revocations") - written; n > 300 {
		t.Errorf("the log has grown by %d entries", n)
	}
	for _, r := range []*replica{here, there} {
		for _, access := range dead {
			r.dies(t, access)
		}
		if !r.lets(t, keptToken) {
			t.Error("the session that was kept is refused")
		}
	}
	// The kept one lives on, with tokens of before and after.
	next, err := there.Refresh(t.Context(), kept.Refresh.Text, session.Client{})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []*replica{here, there} {
		if !r.lets(t, b.readAccess(t, next)) || !r.lets(t, keptToken) {
			t.Error("the session that was kept is refused after its renewal")
		}
	}
}

func TestSE03_OnlyTheLastKeptSessionIsKept(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := b.replica(t, usual).awaitFresh(t), b.replica(t, usual).awaitFresh(t)
	first := b.signIn(t, here.Service, b.user, session.Client{})
	firstToken := b.readAccess(t, first)
	here.endOthers(t, b.user, firstToken.Session)
	second := b.signIn(t, there.Service, b.user, session.Client{})
	secondToken := b.readAccess(t, second)
	if secondToken.Generation == 0 || firstToken.Generation != 0 {
		t.Errorf("the generations are %d and %d", firstToken.Generation, secondToken.Generation)
	}
	for _, r := range []*replica{here, there} {
		for _, access := range []token.Access{firstToken, secondToken} {
			if !r.lets(t, access) {
				t.Error("a good token is refused")
			}
		}
	}
	// The one that was kept before is one of the others now.
	there.endOthers(t, b.user, secondToken.Session)
	for _, r := range []*replica{here, there} {
		r.dies(t, firstToken)
		if !r.lets(t, secondToken) {
			t.Error("the kept session is refused")
		}
		_, err := r.Refresh(t.Context(), first.Refresh.Text, session.Client{})
		refused(t, err, sessionRevoked)
	}
	here.endOthers(t, b.user, id.Session{})
	for _, r := range []*replica{here, there} {
		r.dies(t, secondToken)
	}
	third := b.readAccess(t, b.signIn(t, there.Service, b.user, session.Client{}))
	// Of two generations within a second, the later one is above the one before all the same.
	if third.Generation < secondToken.Generation+2 || !here.lets(t, third) || !there.lets(t, third) {
		t.Errorf("a session of generation %d is refused", third.Generation)
	}
}

// A replica that asks the database about each call uses the same rule.
func TestSE03_AReplicaThatIsCutOffKnowsOfGenerations(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cut := &replica{Service: b.service(t, usual), bundle: b, db: b.db}
	near := b.replica(t, usual).awaitFresh(t)
	kept := b.readAccess(t, b.signIn(t, near.Service, b.user, session.Client{}))
	dead := b.crowd(t, 1000, 3)
	near.endOthers(t, b.user, kept.Session)
	for _, access := range dead {
		if cut.lets(t, access, sessionRevoked) {
			t.Error("a session of an earlier generation is let in")
		}
	}
	if !cut.lets(t, kept) {
		t.Error("the kept session is refused")
	}
}

// Refusing the sessions of an earlier generation runs no SQL either.
func TestATokenOfAnEarlierGenerationCostsNoStatement(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.tracedReplica(t)
	kept := b.readAccess(t, b.signIn(t, r.Service, b.user, session.Client{}))
	dead := b.crowd(t, 1000, 1)[0]
	r.endOthers(t, b.user, kept.Session)
	await(t, "a refusal costs no statement", func() bool {
		ctx, n := counted(t.Context())
		_, err := r.Check(ctx, dead)
		refused(t, err, sessionRevoked)
		return n.Load() == 0
	})
	await(t, "the kept session costs no statement", func() bool {
		ctx, n := counted(t.Context())
		_, err := r.Check(ctx, kept)
		return err == nil && n.Load() == 0
	})
}

func TestSE06_ARefreshAgainstTheEndOfAllSessions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.replica(t, usual).awaitFresh(t)
	for range 20 {
		tokens := b.signIn(t, r.Service, b.user, session.Client{})
		refreshed := make(chan session.Tokens, 1)
		go func() {
			next, _ := r.Refresh(t.Context(), tokens.Refresh.Text, session.Client{})
			refreshed <- next
		}()
		r.endOthers(t, b.user, id.Session{})
		next := <-refreshed
		if !next.Access.Text.Empty() {
			r.dies(t, b.readAccess(t, next))
		}
		_, err := r.Refresh(t.Context(), tokens.Refresh.Text, session.Client{})
		refused(t, err, sessionRevoked)
	}
}

func TestAUserHasAtMostAHundredSessions(t *testing.T) {
	t.Parallel()
	b := setup(t)
	here, there := b.replica(t, usual).awaitFresh(t), b.replica(t, usual).awaitFresh(t)
	tokens := make([]token.Access, 0, 103)
	for range 103 {
		tokens = append(tokens, b.readAccess(t, b.signIn(t, here.Service, b.user, session.Client{})))
		b.clock.Advance(time.Second)
	}
	for _, r := range []*replica{here, there} {
		for _, oldest := range tokens[:3] {
			r.dies(t, oldest)
		}
		for _, access := range tokens[3:] {
			if !r.lets(t, access) {
				t.Error("one of the hundred newest is refused")
			}
		}
	}
	if n := b.count(t, "SELECT count(*) FROM sessions"); n != 100 {
		t.Errorf("there are %d sessions", n)
	}
	// Those of others do not count, nor those that have ended.
	other := b.readAccess(t, b.signIn(t, here.Service, b.newUser(t), session.Client{}))
	here.end(t, tokens[102])
	b.signIn(t, here.Service, b.user, session.Client{})
	if !here.lets(t, tokens[3]) || !here.lets(t, other) {
		t.Error("a session ends though there are no more than a hundred")
	}
}
