package audit

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// DefaultPageSize is how many entries a page has when the caller does not say.
const DefaultPageSize = 20

// Row is an entry as it is stored.
type Row = dbsqlc.Activity

// List returns a page of what happened to an account, newest first by the database's time, and the token of the next page,
// which is empty on the last one. It refuses with INVALID_FIELDS a token that it did not make for this account.
func (l *Log) List(ctx context.Context, user id.User, size int, token string) (page []Row, next string, err error) {
	before := top
	if token != "" {
		var ok bool
		if before, ok = l.readPageToken(user, token); !ok {
			return nil, "", fault.Invalid(fault.Violation{
				Field: "pageToken", Rule: "page_token.unknown", Message: "Send the nextPageToken of the answer before.",
			})
		}
	}
	if size == 0 {
		size = DefaultPageSize
	}
	// One more than asked for, to know whether there is a next page.
	page, err = l.q.ListActivity(ctx, l.db, dbsqlc.ListActivityParams{
		UserID: uuid.UUID(user), BeforeAt: before.at, BeforeID: before.id, Size: int32(size) + 1,
	})
	if err != nil {
		return nil, "", fmt.Errorf("list activity: %w", err)
	}
	if len(page) > size {
		page = page[:size]
		next = l.pageToken(user, position{at: page[size-1].At, id: page[size-1].ID})
	}
	return page, next, nil
}
