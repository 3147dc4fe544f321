package session

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/db/dbtest"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// pausing has every statement of a context that names a pause wait at its end, when the answer is read and not yet returned.
type pausing struct{}

type pauseKey struct{}

type pause struct{ reached, goOn chan struct{} }

// TraceQueryStart passes on the pause.
func (pausing) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd waits.
func (pausing) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if p, ok := ctx.Value(pauseKey{}).(*pause); ok {
		close(p.reached)
		<-p.goOn
	}
}

func rememberedUser(t *testing.T) (*db.DB, *userCache, id.User) {
	t.Helper()
	d, err := db.Open(t.Context(), db.Config{URL: db.URL(dbtest.URL(t)), MaxConns: 4, Tracer: pausing{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	user, email := id.NewUser(), "ada@example.com"
	if _, err := dbsqlc.New().CreateUser(t.Context(), d, dbsqlc.CreateUserParams{
		ID: uuid.UUID(user), Email: &email, Name: "Ada", Nickname: "ada", NicknameKey: "ada", Role: "trainee", Locale: "en",
	}); err != nil {
		t.Fatal(err)
	}
	u := newUserCache(d)
	t.Cleanup(u.close)
	return d, u, user
}

func TestAUserThatChangesWhileBeingReadIsNotRemembered(t *testing.T) {
	t.Parallel()

	d, u, user := rememberedUser(t)
	p := &pause{reached: make(chan struct{}), goOn: make(chan struct{})}
	var reading sync.WaitGroup
	reading.Go(func() {
		row, err := u.read(context.WithValue(t.Context(), pauseKey{}, p), user)
		if err != nil || row.Role != "trainee" {
			t.Errorf("read %v: %v", row, err)
		}
	})
	<-p.reached
	if _, err := d.Exec(t.Context(), "UPDATE users SET role = 'trainer'"); err != nil {
		t.Fatal(err)
	}
	u.drop(user)
	// A read after the change may be cached, and changes of other users have no effect.
	u.drop(id.NewUser())
	if row, err := u.read(t.Context(), user); err != nil || row.Role != "trainer" {
		t.Errorf("read %v: %v", row, err)
	}
	close(p.goOn)
	reading.Wait()
	if row, ok := u.get(user); !ok || row.Role != "trainer" {
		t.Errorf("%v is remembered (%v)", row, ok)
	}
	if len(u.reading) != 0 {
		t.Errorf("%d users are thought to be read still", len(u.reading))
	}
}

func TestAUserWhoCannotBeReadLeavesNothingBehind(t *testing.T) {
	t.Parallel()

	_, u, user := rememberedUser(t)
	if _, err := u.read(t.Context(), id.NewUser()); !db.NotFound(err) {
		t.Errorf("an unknown user: %v", err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := u.read(ended, user); err == nil {
		t.Error("a call that has ended reads")
	}
	if _, ok := u.get(user); ok || len(u.reading) != 0 {
		t.Error("something is remembered")
	}
}

// Whatever happens concurrently, a cached result is that of the last change.
func TestManyReadersAndChangesOfOneUser(t *testing.T) {
	t.Parallel()

	d, u, user := rememberedUser(t)
	roles := []string{"trainee", "trainer"}
	for round := range 50 {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if _, err := u.read(t.Context(), user); err != nil {
					t.Error(err)
				}
			})
		}
		want := roles[round%2]
		all.Go(func() {
			if _, err := d.Exec(t.Context(), "UPDATE users SET role = $1", want); err != nil {
				t.Error(err)
			}
			u.drop(user)
		})
		all.Wait()
		if row, ok := u.get(user); ok && row.Role != want {
			t.Fatalf("round %d: %s is remembered after a change to %s", round, row.Role, want)
		}
	}
}
