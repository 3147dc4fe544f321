package account

import (
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Caller is a signed-in user who acts on their own account.
type Caller struct {
	User    id.User
	Session id.Session
	Client  session.Client
}

// entry returns the event of an act of the caller.
func (c Caller) entry(event audit.Event) audit.Entry {
	e := entryOf(event, c.User, c.Client)
	e.Session = c.Session
	return e
}

// entryOf returns the entry for an act of a user on their own account.
func entryOf(event audit.Event, user id.User, client session.Client) audit.Entry {
	return audit.Entry{
		Event: event, Actor: audit.User(user), User: user, IP: client.IP, UserAgent: client.UserAgent, RequestID: client.RequestID,
	}
}
