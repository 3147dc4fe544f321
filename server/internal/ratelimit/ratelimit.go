// Package ratelimit counts attempts. The counters are in the database, shared by all replicas, and survive restarts. Each charge
// is a separate statement, which is committed before the attempt is made.
//
// If the database cannot count, the attempt fails with the database's error: limits fail closed.
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

// Budget allows a number of attempts within a window, which begins with the first of them.
type Budget struct {
	// Name identifies the budget; its meaning must never change.
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

// New returns a Limiter. If it is off, it allows everything; this is for load tests.
func New(d *db.DB, cfg Config) *Limiter {
	return &Limiter{db: d, q: dbsqlc.New(), on: cfg.Mode != Off}
}

// Charge is an attempt that counts against the budget of one key.
type Charge struct {
	budget Budget
	key    []byte
}

// Of returns a charge to the budget of a key, which identifies the caller.
func (b Budget) Of(key ...string) Charge { return Charge{budget: b, key: hashOf(key)} }

// Columns are charges in the form of the database function charge_budgets, for statements that charge as well.
type Columns struct {
	Budgets    []string
	Keys       [][]byte
	Mosts      []int32
	WindowEnds []time.Time
}

// ColumnsOf returns charges as columns. Windows that they begin start now.
func ColumnsOf(now time.Time, charges ...Charge) Columns {
	var columns Columns
	for _, c := range charges {
		columns.Budgets = append(columns.Budgets, c.budget.Name)
		columns.Keys = append(columns.Keys, c.key)
		columns.Mosts = append(columns.Mosts, int32(c.budget.Limit))
		columns.WindowEnds = append(columns.WindowEnds, now.Add(c.budget.Window))
	}
	return columns
}

// Charge counts an attempt against budgets in order, in one statement that is committed at once. The first budget that is used up
// refuses with TOO_MANY_ATTEMPTS and the time until its window ends; neither it nor the later budgets are charged. So the budget
// of the caller's network comes first, before a key that the caller chooses: the network limits how many rows its callers add.
func (l *Limiter) Charge(ctx context.Context, charges ...Charge) error {
	return l.charge(ctx, l.db, l.db.Clock(), charges)
}

// ChargeTx is Charge within a transaction. Until it commits, the budgets' rows are locked and nothing is counted.
func (l *Limiter) ChargeTx(ctx context.Context, tx db.Tx, charges ...Charge) error {
	return l.charge(ctx, tx, tx.Now, charges)
}

func (l *Limiter) charge(ctx context.Context, handle dbsqlc.DBTX, now time.Time, charges []Charge) error {
	if !l.on {
		return nil
	}
	columns := ColumnsOf(now, charges...)
	refused, err := l.q.ChargeBudgets(ctx, handle, dbsqlc.ChargeBudgetsParams{
		Budgets: columns.Budgets, Keys: columns.Keys, Mosts: columns.Mosts, WindowEnds: columns.WindowEnds, Now: now,
	})
	if err != nil {
		return fmt.Errorf("charge %s: %w", columns.Budgets, err)
	}
	if refused > 0 {
		return l.refusal(ctx, handle, charges[refused-1], now)
	}
	return nil
}

// Clear resets a charged budget, after its owner has proven that the attempts were their own.
func (l *Limiter) Clear(ctx context.Context, tx db.Tx, c Charge) error {
	if !l.on {
		return nil
	}
	if err := l.q.ClearBudget(ctx, tx, dbsqlc.ClearBudgetParams{Budget: c.budget.Name, Key: c.key}); err != nil {
		return fmt.Errorf("clear %s: %w", c.budget.Name, err)
	}
	return nil
}

func (l *Limiter) refusal(ctx context.Context, handle dbsqlc.DBTX, c Charge, now time.Time) error {
	end, err := l.q.GetBudgetEnd(ctx, handle, dbsqlc.GetBudgetEndParams{Budget: c.budget.Name, Key: c.key})
	switch {
	case db.NotFound(err):
		// The row was cleared or swept meanwhile: the next attempt will succeed.
		end = now.Add(time.Second)
	case err != nil:
		return fmt.Errorf("read the end of %s: %w", c.budget.Name, err)
	}
	return fault.RetryAfter(latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS, max(end.Sub(now), time.Second))
}

// hashOf hashes a key, so that the table has no names in clear. Parts are separated, so that different keys with the same joined
// text differ.
func hashOf(key []string) []byte {
	sum := sha256.New()
	for _, part := range key {
		fmt.Fprintf(sum, "%d:%s", len(part), part)
	}
	return sum.Sum(nil)
}
