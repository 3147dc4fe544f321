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

// entry returns the entry of the activity list for an act of the caller.
func (c Caller) entry(event audit.Event) audit.Entry {
	return audit.Entry{User: c.User, Event: event, IP: c.Client.IP, UserAgent: c.Client.UserAgent, Session: c.Session}
}
