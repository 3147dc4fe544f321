package audit

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

// failureBudget bounds the entries of one kind of failure in one account's list. Strangers cause them, from any number of
// networks: fifty an hour show the owner what is going on, and more would show nothing else.
var failureBudget = ratelimit.Budget{Name: "recorded_failures", Limit: 50, Window: time.Hour}

// RecordFailure writes a failed attempt, at once and as long as the budget has room. For an account that does not exist it
// does the same work and writes nothing, so that the time of a refusal does not show which it was. Such failures are counted by
// what was tried: one count for all of them would make calls wait for each other. Details are not written.
//
// The budget refuses no call, so it also holds where rate limits are off.
func (l *Log) RecordFailure(ctx context.Context, e Entry, tried string) error {
	if e.Actor == (Actor{}) {
		return fmt.Errorf("record %s: %w", e.Event, errNoActor)
	}
	if e.User != (id.User{}) {
		tried = e.User.String()
	}
	now := l.db.Clock()
	charge := ratelimit.ColumnsOf(now, failureBudget.Of(string(e.Event), tried))
	err := l.q.RecordFailure(ctx, l.db, dbsqlc.RecordFailureParams{
		ID:         uuid.UUID(id.NewActivity()),
		UserID:     uuid.UUID(e.User),
		Type:       string(e.Event),
		At:         now,
		ActorKind:  string(e.Actor.kind),
		ActorID:    e.Actor.id,
		Ip:         e.IP,
		UserAgent:  e.UserAgent,
		SessionID:  e.session(),
		RequestID:  e.RequestID,
		Budgets:    charge.Budgets,
		Keys:       charge.Keys,
		Mosts:      charge.Mosts,
		WindowEnds: charge.WindowEnds,
	})
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Event, err)
	}
	return nil
}
