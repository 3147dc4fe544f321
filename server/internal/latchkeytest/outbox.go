package latchkeytest

import (
	"slices"
	"time"

	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// arrival bounds how long a message may take from the call that caused it.
const arrival = time.Minute

// AwaitMessage waits until there are n messages to one address or number, and returns the newest.
func (e *Env) AwaitMessage(to string, n int) notify.Kept {
	e.T.Helper()
	return e.awaitMessage(to, n, func(notify.Kept) bool { return true })
}

// AwaitCode waits until there are n messages with a code to one address or number, and returns the newest.
func (e *Env) AwaitCode(to string, n int) notify.Kept {
	e.T.Helper()
	return e.awaitMessage(to, n, func(m notify.Kept) bool { return !m.Code.Empty() })
}

func (e *Env) awaitMessage(to string, n int, counts func(notify.Kept) bool) notify.Kept {
	e.T.Helper()
	timeout := time.NewTimer(arrival)
	defer timeout.Stop()
	for {
		messages, more := e.Outbox.List(to)
		messages = slices.DeleteFunc(messages, func(m notify.Kept) bool { return !counts(m) })
		if len(messages) >= n {
			return messages[0]
		}
		select {
		case <-more:
		case <-timeout.C:
			e.T.Fatalf("after %v there are %d messages to %s, want %d", arrival, len(messages), to, n)
		}
	}
}
