package token

import (
	"context"
	"strings"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
)

func recordMade(ctx context.Context, tx db.Tx, by audit.Actor, made dbsqlc.SigningKey) error {
	return audit.Record(ctx, tx, audit.Entry{
		Event: audit.KeyMade, Actor: by, Details: audit.Details{audit.KeyDetail: made.Kid},
	})
}

func recordReplaced(ctx context.Context, tx db.Tx, by audit.Actor, made dbsqlc.SigningKey, removed []string) error {
	return audit.Record(ctx, tx, audit.Entry{
		Event: audit.KeysReplaced, Actor: by,
		Details: audit.Details{audit.KeyDetail: made.Kid, audit.RemovedDetail: strings.Join(removed, ",")},
	})
}

func recordRemoved(ctx context.Context, tx db.Tx, by audit.Actor, removed []string) error {
	return audit.Record(ctx, tx, audit.Entry{
		Event: audit.KeysRemoved, Actor: by, Details: audit.Details{audit.RemovedDetail: strings.Join(removed, ",")},
	})
}
