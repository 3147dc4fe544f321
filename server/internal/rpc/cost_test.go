package rpc_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/server/internal/latchkeytest"
	"github.com/latchkey-auth/latchkey/server/internal/rpc"
)

// bill lists the statements that calls have caused, and not those of anything that goes on beside them.
type bill struct {
	mu         sync.Mutex
	statements []string
}

// TraceQueryStart notes a statement of a call.
func (b *bill) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	if rpc.CallFrom(ctx).Client.RequestID != "" {
		name, _, _ := strings.Cut(query.SQL, "\n")
		b.mu.Lock()
		defer b.mu.Unlock()
		b.statements = append(b.statements, name)
	}
	return ctx
}

// TraceQueryEnd has nothing to do.
func (*bill) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// of returns the statements that a call causes.
func (b *bill) of(calls func()) []string {
	b.mu.Lock()
	b.statements = nil
	b.mu.Unlock()
	calls()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.statements
}

func billed(t *testing.T) (*latchkeytest.Env, *bill) {
	t.Helper()
	clock, b := dbtest.NewClock(), &bill{}
	d := latchkeytest.Open(t, db.Config{URL: db.URL(dbtest.URL(t)), MaxConns: 10, Clock: clock.Now, Tracer: b})
	env := latchkeytest.New(t, latchkeytest.OnDB(d))
	env.Clock = clock
	return env, b
}

func TestGetProfileWithAValidTokenCostsNoStatement(t *testing.T) {
	t.Parallel()
	env, bill := billed(t)
	ada := env.Person("ada@example.com")
	ada.SignsUp()
	// A server that could not read the log for most of a second asks the database, and so does a stalled machine's.
	deadline := time.After(time.Minute)
	for {
		got := bill.of(func() {
			for range 50 {
				ada.SeesProfile()
			}
		})
		if len(got) == 0 {
			break
		}
		select {
		case <-deadline:
			t.Fatalf("fifty calls cost %v", got)
		default:
		}
	}
	env.Clock.Advance(time.Hour)
	if got := bill.of(func() { ada.Refreshes() }); len(got) != 1 || got[0] != "-- name: RefreshSession :one" {
		t.Errorf("a refresh costs %v", got)
	}
}
