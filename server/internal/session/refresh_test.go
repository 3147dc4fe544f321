package session_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
	"github.com/latchkey-auth/latchkey/server/internal/session"
	"github.com/latchkey-auth/latchkey/server/internal/token"
)

// holder is somebody with one session.
type holder struct {
	*bundle
	t        *testing.T
	sessions *session.Service
	tokens   session.Tokens
}

func hold(t *testing.T, cfg session.Config) *holder {
	t.Helper()
	b := setup(t)
	sessions := b.service(t, cfg)
	return &holder{bundle: b, t: t, sessions: sessions, tokens: b.signIn(t, sessions, b.user, session.NewClient("first", "192.0.2.1", ""))}
}

// refreshes presents a token and gives the next ones.
func (h *holder) refreshes(with session.Tokens) session.Tokens {
	h.t.Helper()
	tokens, err := h.sessions.Refresh(h.t.Context(), with.Refresh.Text, session.NewClient("second", "192.0.2.2", ""))
	if err != nil {
		h.t.Fatalf("refresh: %v", err)
	}
	return tokens
}

func (h *holder) refreshFails(with session.Tokens, reason latchkeyv1.Reason) {
	h.t.Helper()
	_, err := h.sessions.Refresh(h.t.Context(), with.Refresh.Text, session.NewClient("thief", "198.51.100.9", ""))
	refused(h.t, err, reason)
}

func (h *holder) activity(event string) int {
	h.t.Helper()
	return h.count(h.t, "SELECT count(*) FROM events WHERE type = $1", event)
}

func (h *holder) living() int { return h.count(h.t, "SELECT count(*) FROM sessions") }

func TestSE07_TheTokenBeforeIsHonouredForTheGrace(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	h.clock.Advance(time.Hour)
	second := h.refreshes(h.tokens)
	h.clock.Advance(grace - time.Microsecond)
	again := h.refreshes(h.tokens)
	if payload(again) != payload(second) {
		t.Errorf("the lost answer comes back as another token:\n%s\n%s", payload(second), payload(again))
	}
	// What was handed out twice is one token: the successor of either works, and the grace begins anew with it.
	third := h.refreshes(again)
	if again := h.refreshes(second); payload(again) != payload(third) {
		t.Error("the token that was handed out twice has two successors")
	}
	if h.activity("refresh_reused") != 0 || h.living() != 1 {
		t.Error("the session is not well")
	}
}

func TestSE07_AskingAgainDoesNotLengthenTheGrace(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	h.refreshes(h.tokens)
	for range 3 {
		h.clock.Advance(grace/3 - time.Millisecond)
		h.refreshes(h.tokens)
	}
	h.clock.Advance(3 * time.Millisecond)
	h.refreshFails(h.tokens, refreshReused)
}

// forgiving is what a server does by default.
var forgiving = session.Config{RefreshTTL: refreshTTL, MaxAge: maxAge, RefreshGrace: grace, RefreshRetryWindow: 10 * time.Minute}

// A phone that lost the answer comes back minutes later.
func TestSE07_ALostAnswerCanBeHadAgainWhileItsTokenWasNeverUsed(t *testing.T) {
	t.Parallel()

	h := hold(t, forgiving)
	h.clock.Advance(time.Hour)
	lost := h.refreshes(h.tokens)
	h.clock.Advance(grace - time.Microsecond)
	if again := h.refreshes(h.tokens); payload(again) != payload(lost) || h.activity("refresh_retried") != 0 {
		t.Errorf("within the grace it is another token, or noted %d times", h.activity("refresh_retried"))
	}
	for n := 1; n <= 3; n++ {
		h.clock.Advance(2 * time.Minute)
		if again := h.refreshes(h.tokens); payload(again) != payload(lost) {
			t.Errorf("the lost answer comes back as another token:\n%s\n%s", payload(lost), payload(again))
		}
		if got := h.activity("refresh_retried"); got != n {
			t.Errorf("%d uses after the grace are noted %d times", n, got)
		}
	}
	if n := h.count(t, "SELECT count(*) FROM events WHERE type = 'refresh_retried' AND ip = '192.0.2.2' AND user_agent = 'second' AND session_id IS NOT NULL"); n != 3 {
		t.Errorf("%d entries tell from where, and of which session", n)
	}
	// Its use shows that it has arrived. The one before is a copy from then on.
	h.refreshes(lost)
	h.refreshFails(h.tokens, refreshReused)
	if h.living() != 0 {
		t.Error("the session lives on")
	}
}

func TestSE07_TheRetryWindowEnds(t *testing.T) {
	t.Parallel()

	h := hold(t, forgiving)
	h.refreshes(h.tokens)
	h.clock.Advance(10*time.Minute - time.Microsecond)
	h.refreshes(h.tokens)
	// Asking again does not lengthen it.
	h.clock.Advance(time.Microsecond)
	h.refreshFails(h.tokens, refreshReused)
	if h.living() != 0 {
		t.Error("the session lives on")
	}
}

func TestSE06_RetriesAtTheSameTimeHaveOneSuccessor(t *testing.T) {
	t.Parallel()

	h := hold(t, forgiving)
	lost := h.refreshes(h.tokens)
	h.clock.Advance(5 * time.Minute)
	var (
		mu   sync.Mutex
		all  sync.WaitGroup
		seen = map[string]int{}
	)
	for range 50 {
		all.Go(func() {
			again := h.refreshes(h.tokens)
			mu.Lock()
			defer mu.Unlock()
			seen[payload(again)]++
		})
	}
	all.Wait()
	if len(seen) != 1 || seen[payload(lost)] != 50 {
		t.Errorf("there are %d successors", len(seen))
	}
	if n := h.activity("refresh_retried"); n != 50 {
		t.Errorf("%d uses are noted", n)
	}
	// A client that repeats itself without end does not fill the list.
	for range 20 {
		h.refreshes(h.tokens)
	}
	if n := h.activity("refresh_retried"); n != 50 {
		t.Errorf("%d uses are noted", n)
	}
}

func TestSE05_ASpentTokenEndsTheSessionForEverybody(t *testing.T) {
	t.Parallel()
	for name, spend := range map[string]func(h *holder) session.Tokens{
		"the grace is over": func(h *holder) session.Tokens {
			h.refreshes(h.tokens)
			h.clock.Advance(grace)
			return h.tokens
		},
		"two steps back within the grace": func(h *holder) session.Tokens {
			h.refreshes(h.refreshes(h.tokens))
			return h.tokens
		},
		"the user is not seen for days": func(h *holder) session.Tokens {
			h.refreshes(h.tokens)
			h.clock.Advance(6 * 24 * time.Hour)
			return h.tokens
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := hold(t, usual)
			spent := spend(h)
			row := h.readRefresh(t, spent)
			newest, err := h.bundle.tokens.Refresh(token.Refresh{
				User: row.User, Session: row.Session, Counter: h.counter(t, row.Session), ExpiresAt: h.clock.Now().Add(time.Hour),
			})
			if err != nil {
				t.Fatal(err)
			}
			h.refreshFails(spent, refreshReused)
			if h.living() != 0 {
				t.Error("the session lives on")
			}
			// Nobody can tell the owner from the thief, so both are out.
			h.refreshFails(session.Tokens{Refresh: newest}, sessionRevoked)
			h.refreshFails(spent, sessionRevoked)
			if access, err := h.bundle.tokens.ReadAccess(h.tokens.Access.Text.Reveal()); err == nil {
				_, err := h.sessions.Check(t.Context(), access)
				refused(t, err, sessionRevoked)
			}
			if n := h.activity("refresh_reused"); n != 1 {
				t.Errorf("%d entries tell of it, want 1", n)
			}
			if n := h.count(t, "SELECT count(*) FROM events WHERE type = 'refresh_reused' AND ip = '198.51.100.9' AND user_agent = 'thief' AND session_id = $1",
				uuid.UUID(row.Session)); n != 1 {
				t.Error("the entry does not tell from where, and of which session")
			}
		})
	}
}

func TestSE08_ASessionEndsWhenIdleForAWeek(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	for range 3 {
		h.clock.Advance(refreshTTL - time.Second)
		h.tokens = h.refreshes(h.tokens)
	}
	h.clock.Advance(refreshTTL)
	h.refreshFails(h.tokens, tokenExpired)
}

func TestSE08_ASessionEndsAfterThirtyDaysThoughUsedDaily(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	end := h.clock.Now().Add(maxAge)
	for range 29 {
		h.clock.Advance(24 * time.Hour)
		h.tokens = h.refreshes(h.tokens)
		for name, expiry := range map[string]time.Time{"access": h.tokens.Access.ExpiresAt, "refresh": h.tokens.Refresh.ExpiresAt} {
			if expiry.After(end) {
				t.Fatalf("an %s token ends at %v, after its session at %v", name, expiry, end)
			}
		}
	}
	h.clock.Advance(24*time.Hour - time.Second)
	last := h.refreshes(h.tokens)
	h.clock.Advance(time.Second)
	h.refreshFails(last, tokenExpired)
	if _, err := h.bundle.tokens.ReadAccess(last.Access.Text.Reveal()); err == nil {
		t.Error("the access token lives on")
	}
	if rows, err := h.sessions.List(t.Context(), h.user); err != nil || len(rows) != 0 {
		t.Errorf("an ended session is listed: %v %v", rows, err)
	}
}

func TestSE10_RefreshingIsNoAuthentication(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	before := h.readAccess(t, h.tokens)
	for range 3 {
		h.clock.Advance(5 * time.Hour)
		h.tokens = h.refreshes(h.tokens)
		after := h.readAccess(t, h.tokens)
		if !after.AuthenticatedAt.Equal(before.AuthenticatedAt) || len(after.AMR) != 1 || after.AMR[0] != session.Password {
			t.Errorf("authenticated at %v by %v, was %v by %v", after.AuthenticatedAt, after.AMR, before.AuthenticatedAt, before.AMR)
		}
		if after.Session != before.Session || after.User != before.User || !after.ExpiresAt.After(before.ExpiresAt) {
			t.Errorf("got %+v after %+v", after, before)
		}
	}
}

func TestRefreshNotesWhenAndWhereASessionIsUsed(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	h.clock.Advance(time.Hour)
	h.refreshes(h.tokens)
	rows, err := h.sessions.List(t.Context(), h.user)
	if err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
	row := rows[0]
	if row.UserAgent != "second" || row.Ip != "192.0.2.2" || !row.LastUsedAt.Equal(h.clock.Now()) || !row.ExpiresAt.Equal(h.clock.Now().Add(refreshTTL)) {
		t.Errorf("the session is %+v", row)
	}
}

// Who can write such tokens has the key; who restores an old database has the clients that hold them.
func TestRefreshOfCountersThatNeverWere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		counter int32
		want    latchkeyv1.Reason
	}{
		"negative":  {-1, tokenInvalid},
		"ahead":     {1, refreshReused},
		"far ahead": {1<<31 - 2, refreshReused},
		"the last":  {1<<31 - 1, refreshReused},
		"the first": {-1 << 31, tokenInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := hold(t, usual)
			forged := h.readRefresh(t, h.tokens)
			forged.Counter = c.counter
			signed, err := h.bundle.tokens.Refresh(forged)
			if err != nil {
				t.Fatal(err)
			}
			h.refreshFails(session.Tokens{Refresh: signed}, c.want)
			if wellbeing := h.living(); (c.want == tokenInvalid) != (wellbeing == 1) {
				t.Errorf("%d sessions live", wellbeing)
			}
		})
	}
}

func TestRefreshOfWhatIsNoToken(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	for _, text := range []string{"", ".", "..", "a.b.c", string(make([]byte, 9<<10))} {
		_, err := h.sessions.Refresh(t.Context(), secret.NewText(text), session.Client{})
		refused(t, err, tokenInvalid)
	}
	_, err := h.sessions.Refresh(t.Context(), h.tokens.Access.Text, session.Client{})
	refused(t, err, tokenInvalid)
	h.refreshes(h.tokens)
}

func TestRefreshOfASessionThatNeverWas(t *testing.T) {
	t.Parallel()

	h := hold(t, usual)
	mine := h.readRefresh(t, h.tokens)
	other := h.readRefresh(t, h.signIn(t, h.sessions, h.newUser(t), session.Client{}))
	for name, forged := range map[string]token.Refresh{
		"my session, another user":  {User: other.User, Session: mine.Session, ExpiresAt: mine.ExpiresAt},
		"another session, my name":  {User: mine.User, Session: other.Session, ExpiresAt: mine.ExpiresAt},
		"no such session":           {User: mine.User, Session: id.NewSession(), ExpiresAt: mine.ExpiresAt},
		"no such user, nor session": {User: id.NewUser(), Session: id.NewSession(), ExpiresAt: mine.ExpiresAt},
	} {
		t.Run(name, func(t *testing.T) {
			signed, err := h.bundle.tokens.Refresh(forged)
			if err != nil {
				t.Fatal(err)
			}
			_, err = h.sessions.Refresh(t.Context(), signed.Text, session.Client{})
			refused(t, err, sessionRevoked)
		})
	}
	if h.living() != 2 || h.activity("refresh_reused") != 0 {
		t.Error("somebody's session suffers")
	}
	h.refreshes(h.tokens)
}
