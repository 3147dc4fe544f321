package session_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// payload returns the claims of a token without the signature, which differs each time.
func payload(tokens session.Tokens) string {
	return strings.Split(tokens.Refresh.Text.Reveal(), ".")[1]
}

// Many tabs, three replicas, and a database that is far away.
func TestSE06_ParallelRefreshesHaveOneSuccessor(t *testing.T) {
	t.Parallel()
	const (
		rounds, parallel, atOnce = 200, 50, 8
		latency                  = 100 * time.Millisecond
	)
	b := setup(t)
	var replicas []*replica
	for range 3 {
		proxy, url := dbtest.Before(t, b.url())
		proxy.Delay(latency)
		// By the database's time, as replicas go in earnest.
		replicas = append(replicas, b.replicaAt(t, db.Config{URL: db.URL(url), MaxConns: 44}, usual))
	}
	started := make([]session.Tokens, rounds)
	for round := range started {
		started[round] = b.signIn(t, replicas[0].Service, b.newUser(t), session.Client{})
	}
	began := time.Now()
	var work sync.WaitGroup
	// With room for all of them: a round that ends the test ends who runs it too.
	turns := make(chan int, rounds)
	for round := range rounds {
		turns <- round
	}
	close(turns)
	for range atOnce {
		work.Go(func() {
			for round := range turns {
				// The replicas' clocks advance. On a busy machine they advance by more than the allowed skew of a token.
				b.clock.Advance(time.Since(b.clock.Now()))
				b.raceToRefresh(t, round, parallel, replicas, started[round])
			}
		})
	}
	work.Wait()
	t.Logf("%d rounds of %d took %v", rounds, parallel, time.Since(began))
	if n := b.count(t, "SELECT count(*) FROM sessions"); n != rounds {
		t.Errorf("%d sessions live, want %d", n, rounds)
	}
	if n := b.count(t, "SELECT count(*) FROM events WHERE user_id IS NOT NULL"); n != 0 {
		t.Errorf("%d entries were written", n)
	}
}

func (b *bundle) raceToRefresh(t *testing.T, round, parallel int, replicas []*replica, before session.Tokens) {
	t.Helper()
	was := b.readRefresh(t, before)
	got, failed := make([]session.Tokens, parallel), make([]error, parallel)
	var callers sync.WaitGroup
	for i := range parallel {
		callers.Go(func() {
			got[i], failed[i] = replicas[i%len(replicas)].Refresh(t.Context(), before.Refresh.Text, session.Client{})
		})
	}
	callers.Wait()
	if err := errors.Join(failed...); err != nil {
		t.Errorf("round %d: a caller is refused: %v", round, err)
		return
	}
	first := payload(got[0])
	for _, tokens := range got {
		if payload(tokens) != first {
			t.Errorf("round %d: there are two successors:\n%s\n%s", round, first, payload(tokens))
		}
	}
	if next := b.readRefresh(t, got[0]); next.Counter != was.Counter+1 {
		t.Errorf("round %d: the counter came from %d to %d", round, was.Counter, next.Counter)
	}
	if n := b.counter(t, was.Session); n != was.Counter+1 {
		t.Errorf("round %d: the session's counter is %d", round, n)
	}
	// Whichever of them a tab keeps, it goes on.
	next, err := replicas[round%len(replicas)].Refresh(t.Context(), got[round%parallel].Refresh.Text, session.Client{})
	if err != nil {
		t.Errorf("round %d: the successor is refused: %v", round, err)
		return
	}
	if n := b.readRefresh(t, next).Counter; n != was.Counter+2 {
		t.Errorf("round %d: the successor's successor has number %d", round, n)
	}
}

func (b *bundle) counter(t testing.TB, of id.Session) int32 {
	t.Helper()
	return int32(b.count(t, "SELECT refresh_counter FROM sessions WHERE id = $1", uuid.UUID(of)))
}
