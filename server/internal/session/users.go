package session

import (
	"context"
	"slices"
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
	// mu makes looking at news and remembering one step.
	mu sync.Mutex
	// reading are the users whose rows are being read now.
	reading map[id.User][]*reading
}

// reading is one look at a user's row.
type reading struct {
	// outdated is set by news about the user that came meanwhile, and may be newer than the row.
	outdated bool
}

func newUsers(d *db.DB) *users {
	return &users{db: d, q: dbsqlc.New(), reading: map[id.User][]*reading{}, cache: otter.Must(&otter.Options[id.User, dbsqlc.User]{
		MaximumSize:      maxUsers,
		ExpiryCalculator: otter.ExpiryWriting[id.User, dbsqlc.User](usersTTL),
	})}
}

func (u *users) remembered(user id.User) (dbsqlc.User, bool) { return u.cache.GetIfPresent(user) }

// read asks the database about a user, and remembers the answer. Its error is db.NotFound's when there is no such user.
func (u *users) read(ctx context.Context, user id.User) (dbsqlc.User, error) {
	look := u.begin(user)
	row, err := u.q.FindUser(ctx, u.db, uuid.UUID(user))
	if u.end(user, look, row, err == nil); err != nil {
		return dbsqlc.User{}, err
	}
	return row, nil
}

func (u *users) begin(user id.User) *reading {
	look := &reading{}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.reading[user] = append(u.reading[user], look)
	return look
}

func (u *users) end(user id.User, look *reading, row dbsqlc.User, found bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	others := slices.DeleteFunc(u.reading[user], func(r *reading) bool { return r == look })
	if len(others) > 0 {
		u.reading[user] = others
	} else {
		delete(u.reading, user)
	}
	if found && !look.outdated {
		u.cache.Set(user, row)
	}
}

func (u *users) drop(user id.User) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, look := range u.reading[user] {
		look.outdated = true
	}
	u.cache.Invalidate(user)
}

func (u *users) close() { u.cache.StopAllGoroutines() }
