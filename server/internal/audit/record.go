package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// Entry is one thing that happened. What does not apply is the zero value.
type Entry struct {
	Event Event
	Actor Actor
	// User is the account that the event is about. An event about the server has none.
	User id.User
	// IP and UserAgent are those of the user. An administrator's are not recorded: the user sees the entry, and they are none of
	// the user's business. The access log has the address, by RequestID.
	IP        string
	UserAgent string
	// Session is the session that the event belongs to.
	Session id.Session
	// RequestID is the call's name in the access log.
	RequestID string
	Details   Details
}

// Details is what an event needs beside an Entry's fields. No user sees it.
type Details map[string]string

// The keys of Details.
const (
	// RoleDetail is the role that an account has from now on.
	RoleDetail = "role"
	// ReasonDetail is what the administrator has written down for other administrators.
	ReasonDetail = "reason"
	// DevicesDetail is to how many devices a notification was sent.
	DevicesDetail = "devices"
	// KeyDetail is the id of a signing key.
	KeyDetail = "key"
	// RemovedDetail is the ids of signing keys that were removed, with commas between them.
	RemovedDetail = "removed"
)

var errNoActor = errors.New("the entry has no actor")

// Record writes an entry in the transaction of the act.
func Record(ctx context.Context, tx db.Tx, e Entry) error {
	if e.Actor == (Actor{}) {
		return fmt.Errorf("record %s: %w", e.Event, errNoActor)
	}
	details, err := e.Details.encode()
	if err != nil {
		return fmt.Errorf("record %s: %w", e.Event, err)
	}
	params := dbsqlc.CreateEventParams{
		ID:        uuid.UUID(id.NewActivity()),
		Type:      string(e.Event),
		At:        tx.Now,
		ActorKind: string(e.Actor.kind),
		ActorID:   e.Actor.id,
		Ip:        e.IP,
		UserAgent: e.UserAgent,
		SessionID: e.session(),
		RequestID: e.RequestID,
		Details:   details,
	}
	if e.User != (id.User{}) {
		params.UserID = (*uuid.UUID)(&e.User)
	}
	if err := dbsqlc.New().CreateEvent(ctx, tx, params); err != nil {
		return fmt.Errorf("record %s: %w", e.Event, err)
	}
	return nil
}

func (e Entry) session() *uuid.UUID {
	if e.Session == (id.Session{}) {
		return nil
	}
	return (*uuid.UUID)(&e.Session)
}

// encode returns nil for no details, which is NULL in the database.
func (d Details) encode() ([]byte, error) {
	if len(d) == 0 {
		return nil, nil
	}
	return json.Marshal(d)
}
