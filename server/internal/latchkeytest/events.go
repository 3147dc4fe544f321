package latchkeytest

import (
	"time"

	"github.com/jackc/pgx/v5"
)

// Event is an entry as the database has it. What is NULL there is empty.
type Event struct {
	Type, ActorKind, ActorID, IP, UserAgent, RequestID, Details string

	ErasedAt *time.Time
	// OfItsTransaction reports whether the entry names the transaction that wrote it.
	OfItsTransaction bool
}

// Events returns the events of the person's account, the first one first. The account may be deleted.
func (p *Person) Events() []Event {
	p.env.T.Helper()
	return p.env.EventsWhere("user_id = $1", p.ID())
}

// EventsWhere returns the events of which an SQL condition is true, the first one first.
func (e *Env) EventsWhere(condition string, args ...any) []Event {
	e.T.Helper()
	rows, err := e.DB.Query(e.T.Context(), `SELECT type, actor_kind, actor_id, ip, user_agent, request_id, coalesce(details::text, ''), erased_at, xid::text = xmin::text
		FROM events WHERE `+condition+" ORDER BY at, id", args...)
	if err != nil {
		e.T.Fatal(err)
	}
	events, err := pgx.CollectRows(rows, pgx.RowToStructByPos[Event])
	if err != nil {
		e.T.Fatal(err)
	}
	return events
}
