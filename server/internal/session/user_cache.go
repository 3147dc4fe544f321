package session

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

const (
	// The log keeps changes of users for longer. So if a replica has missed one, its entry has expired by then.
	usersTTL = 10 * time.Minute
	// With half a kilobyte each, about 16 MiB when full.
	maxUsers = 32768
)

// userCache caches the users of recent calls.
type userCache struct {
	*cache[id.User, dbsqlc.User]
	db *db.DB
	q  *dbsqlc.Queries
}

func newUserCache(d *db.DB) *userCache {
	return &userCache{cache: newCache[id.User, dbsqlc.User](maxUsers, usersTTL), db: d, q: dbsqlc.New()}
}

// read reads a user from the database, and caches it. If there is no such user, it returns an error that db.NotFound recognizes.
func (u *userCache) read(ctx context.Context, user id.User) (dbsqlc.User, error) {
	return u.cache.read(user, func() (dbsqlc.User, error) { return u.q.FindUser(ctx, u.db, uuid.UUID(user)) })
}
