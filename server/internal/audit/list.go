package audit

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/pagetoken"
)

// DefaultPageSize is how many entries a page has when the caller does not say.
const DefaultPageSize = 20

// Tokens of v1 named the entry alone, and are refused: a token is of use only while its list is being paged through.
const pageTokenPurpose = "page tokens of activity lists, HMAC-SHA256, v2"

// Row is what a user sees of an entry.
type Row = dbsqlc.ListUserEventsRow

// List returns a page of what happened to an account, newest first by the database's time, and the token of the next page,
// which is empty on the last one. It refuses with INVALID_FIELDS a token that it did not make for this account.
func (l *Log) List(ctx context.Context, user id.User, size int, token string) (page []Row, next string, err error) {
	after, err := l.pages.Read(user[:], token)
	if err != nil {
		return nil, "", err
	}
	if size == 0 {
		size = DefaultPageSize
	}
	// One more than asked for, to know whether there is a next page.
	page, err = l.q.ListUserEvents(ctx, l.db, dbsqlc.ListUserEventsParams{
		UserID: uuid.UUID(user), BeforeAt: after.At, BeforeID: after.ID, Size: int32(size) + 1,
	})
	if err != nil {
		return nil, "", fmt.Errorf("list events: %w", err)
	}
	if len(page) > size {
		page = page[:size]
		next = l.pages.Token(user[:], pagetoken.Position{At: page[size-1].At, ID: page[size-1].ID})
	}
	return page, next, nil
}
