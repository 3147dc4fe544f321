// Package ratelimit counts tries. The counters stand in the database, common to all replicas, and survive restarts; each
// charge is one statement of its own, committed before anything is done that it stands for.
//
// When the database cannot count, the try is refused with the database's error: limits fail closed.
package ratelimit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
)

// Budget allows so many tries within a window, which begins with the first of them.
type Budget struct {
	// Name tells budgets apart; it never changes its meaning.
	Name   string
	Limit  int
	Window time.Duration
}

// Limiter charges budgets. Its methods may be called from many goroutines.
type Limiter struct {
	db *db.DB
	q  *dbsqlc.Queries
	on bool
}

// New makes a Limiter. One that is off lets everything pass, for load tests.
func New(d *db.DB, on bool) *Limiter { return &Limiter{db: d, q: dbsqlc.New(), on: on} }

// Charge counts a try against a budget of somebody, who is named by key. It refuses with TOO_MANY_ATTEMPTS and the time
// until the window ends; a refused try is not counted.
func (l *Limiter) Charge(ctx context.Context, b Budget, key ...string) error {
	if !l.on {
		return nil
	}
	now, hash := l.db.Clock(), hashOf(key)
	_, err := l.q.ChargeBudget(ctx, l.db, dbsqlc.ChargeBudgetParams{
		Budget: b.Name, Key: hash, Now: now, WindowEnd: now.Add(b.Window), Most: int32(b.Limit),
	})
	if db.NotFound(err) {
		return l.refusal(ctx, b, hash, now)
	}
	if err != nil {
		return fmt.Errorf("charge %s: %w", b.Name, err)
	}
	return nil
}

// Clear forgets what was charged, once somebody has shown that the tries were their own.
func (l *Limiter) Clear(ctx context.Context, tx db.Tx, b Budget, key ...string) error {
	if !l.on {
		return nil
	}
	if err := l.q.ClearBudget(ctx, tx, dbsqlc.ClearBudgetParams{Budget: b.Name, Key: hashOf(key)}); err != nil {
		return fmt.Errorf("clear %s: %w", b.Name, err)
	}
	return nil
}

func (l *Limiter) refusal(ctx context.Context, b Budget, hash []byte, now time.Time) error {
	end, err := l.q.GetBudgetEnd(ctx, l.db, dbsqlc.GetBudgetEndParams{Budget: b.Name, Key: hash})
	switch {
	case db.NotFound(err):
		// It was cleared, or swept away, since: the next try will pass.
		end = now.Add(time.Second)
	case err != nil:
		return fmt.Errorf("read the end of %s: %w", b.Name, err)
	}
	return fault.RetryAfter(latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS, max(end.Sub(now), time.Second))
}

// hashOf keeps names out of the table, and two keys apart whose parts only join alike.
func hashOf(key []string) []byte {
	sum := sha256.New()
	for _, part := range key {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return sum.Sum(nil)
}
