package session

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/maypok86/otter/v2"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

const (
	// The log of changes is kept for longer than this: whoever has missed a change has forgotten the user by then.
	usersTTL = 10 * time.Minute
	// At half a kilobyte each, some 16 MiB when full.
	maxUsers = 32768
)

// users remembers the users that have called lately.
type users struct {
	db    *db.DB
	q     *dbsqlc.Queries
	cache *otter.Cache[id.User, dbsqlc.User]
	// mu makes looking at changes and remembering one step; changes counts them.
	mu      sync.Mutex
	changes uint64
}

func newUsers(d *db.DB) *users {
	return &users{db: d, q: dbsqlc.New(), cache: otter.Must(&otter.Options[id.User, dbsqlc.User]{
		MaximumSize:      maxUsers,
		ExpiryCalculator: otter.ExpiryWriting[id.User, dbsqlc.User](usersTTL),
	})}
}

// get gives a user, from memory if it can. Its error is db.NotFound's when there is no such user.
func (u *users) get(ctx context.Context, user id.User) (dbsqlc.User, error) {
	if row, ok := u.cache.GetIfPresent(user); ok {
		return row, nil
	}
	u.mu.Lock()
	before := u.changes
	u.mu.Unlock()
	row, err := u.q.FindUser(ctx, u.db, uuid.UUID(user))
	if err != nil {
		return dbsqlc.User{}, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	// News that came while the row was read may be about it, and be newer than it.
	if u.changes == before {
		u.cache.Set(user, row)
	}
	return row, nil
}

func (u *users) drop(user id.User) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.changes++
	u.cache.Invalidate(user)
}

func (u *users) close() { u.cache.StopAllGoroutines() }
