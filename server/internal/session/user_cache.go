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
	// The log keeps changes of users for longer than this: a replica that has missed one has forgotten the user by then.
	usersTTL = 10 * time.Minute
	// At half a kilobyte each, some 16 MiB when full.
	maxUsers = 32768
)

// users remembers the users that have called lately.
type userCache struct {
	*cache[id.User, dbsqlc.User]
	db *db.DB
	q  *dbsqlc.Queries
}

func newUserCache(d *db.DB) *userCache {
	return &userCache{cache: newCache[id.User, dbsqlc.User](maxUsers, usersTTL), db: d, q: dbsqlc.New()}
}

// read asks the database about a user, and remembers the answer. Its error is db.NotFound's when there is no such user.
func (u *userCache) read(ctx context.Context, user id.User) (dbsqlc.User, error) {
	return u.cache.read(user, func() (dbsqlc.User, error) { return u.q.FindUser(ctx, u.db, uuid.UUID(user)) })
}
