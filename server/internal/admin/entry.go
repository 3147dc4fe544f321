package admin

import (
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/id"
)

// entryOf returns the entry about something that an administrator did with an account.
func entryOf(event audit.Event, caller account.Caller, user id.User) audit.Entry {
	return audit.Entry{Event: event, Actor: audit.Administrator(caller.User), User: user, RequestID: caller.Client.RequestID}
}
