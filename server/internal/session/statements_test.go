package session_test

import (
	"context"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

type counterKey struct{}

// counted returns a context whose statements are counted.
func counted(ctx context.Context) (context.Context, *atomic.Int32) {
	n := &atomic.Int32{}
	return context.WithValue(ctx, counterKey{}, n), n
}

// countingTracer counts the statements of counted contexts, and not those of anything that goes on beside.
type countingTracer struct{}

// TraceQueryStart counts.
func (countingTracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	if n, ok := ctx.Value(counterKey{}).(*atomic.Int32); ok {
		n.Add(1)
	}
	return ctx
}

// TraceQueryEnd has nothing to do.
func (countingTracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (b *bundle) tracedReplica(t *testing.T) *replica {
	t.Helper()
	at := db.Config{URL: db.URL(b.url()), MaxConns: 10, Clock: b.clock.Now, Tracer: countingTracer{}}
	return b.replicaAt(t, at, usual).awaitFresh(t)
}

func TestAValidTokenCostsNoStatement(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.tracedReplica(t)
	access := b.guests(t, 1, []*replica{r})[0]
	check := func() int32 {
		ctx, n := counted(t.Context())
		if _, err := r.Check(ctx, access); err != nil {
			t.Fatal(err)
		}
		return n.Load()
	}
	// If the machine stalls for a second, the replica rightly asks the database.
	await(t, "hundred calls in a row cost no statement", func() bool {
		for range 100 {
			if check() > 0 {
				return false
			}
		}
		return true
	})
	// A user who is not cached costs one statement.
	stranger := b.readAccess(t, b.signIn(t, r.Service, b.newUser(t), session.Client{}))
	ctx, n := counted(t.Context())
	if _, err := r.Check(ctx, stranger); err != nil || n.Load() != 1 {
		t.Errorf("%d statements: %v", n.Load(), err)
	}
	// So does the next call of a user whom an operator's statement has just changed; later calls cost none.
	b.exec(t, "UPDATE users SET name = 'Countess of Lovelace'")
	await(t, "the change is read", func() bool {
		user, err := r.Check(t.Context(), access)
		return err == nil && user.Name == "Countess of Lovelace"
	})
	await(t, "the next calls cost no statement", func() bool { return check() == 0 })
}

func TestARefusedTokenCostsNoStatement(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.tracedReplica(t)
	access := b.guests(t, 1, []*replica{r})[0]
	r.end(t, access)
	await(t, "a refusal costs no statement", func() bool {
		ctx, n := counted(t.Context())
		_, err := r.Check(ctx, access)
		refused(t, err, sessionRevoked)
		return n.Load() == 0
	})
}

func TestRefreshIsOneStatement(t *testing.T) {
	t.Parallel()
	b := setup(t)
	r := b.tracedReplica(t)
	tokens := b.signIn(t, r.Service, b.user, session.Client{})
	for range 3 {
		ctx, n := counted(t.Context())
		next, err := r.Refresh(ctx, tokens.Refresh.Text, session.Client{})
		if err != nil || n.Load() != 1 {
			t.Errorf("%d statements: %v", n.Load(), err)
		}
		// The lost answer, once more.
		ctx, n = counted(t.Context())
		if tokens, err = r.Refresh(ctx, tokens.Refresh.Text, session.Client{}); err != nil || n.Load() != 1 {
			t.Errorf("%d statements: %v", n.Load(), err)
		}
		if payload(tokens) != payload(next) {
			t.Error("there are two successors")
		}
	}
}
