// Package audit keeps what happened to an account's security, for its owner and for support. A success is written in the
// transaction that it tells of; a failure on its own, before the answer is computed.
package audit

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/pagetoken"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Event is what happened. The values stand in the database and in the API, and never change their meaning.
type Event string

// The events. Each has its words in clients/web/src/pages/activity/event-words.ts, which a test there sees to.
const (
	SignedUp        Event = "signed_up"
	SignedIn        Event = "signed_in"
	SignInFailed    Event = "sign_in_failed"
	ProfileChanged  Event = "profile_changed"
	PasswordChanged Event = "password_changed"
	PasswordReset   Event = "password_reset"
	// PasswordRefused is a wrong current password, given by somebody who holds a session.
	PasswordRefused Event = "password_refused"
	// PasswordSet is the first password of an account that had none.
	PasswordSet     Event = "password_set"
	Reauthenticated Event = "reauthenticated"
	EmailChanged    Event = "email_changed"
	PhoneChanged    Event = "phone_changed"
	SignedOut       Event = "signed_out"
	SessionEnded    Event = "session_ended"
	// SessionDisowned means that the owner said, by the link in a notice, that a sign-in was not theirs.
	SessionDisowned Event = "session_disowned"
	// OtherSessionsEnded stands once for all sessions that were ended together.
	OtherSessionsEnded Event = "other_sessions_ended"
	// RefreshReused means that a refresh token came a second time, so that somebody has a copy; its session was ended.
	RefreshReused Event = "refresh_reused"
	// RefreshRetried means that a refresh token came a second time, long after the first, while its successor was never used:
	// the answer was lost, or the token copied.
	RefreshRetried Event = "refresh_retried"
	// These four are an administrator's doing.
	RoleChanged   Event = "role_changed"
	Disabled      Event = "disabled"
	Enabled       Event = "enabled"
	SessionsEnded Event = "sessions_ended"
	// ContactLost means that somebody else has proven a contact that this account held unproven.
	ContactLost Event = "contact_lost"
)

// Entry is one thing that happened.
type Entry struct {
	User      id.User
	Event     Event
	IP        string
	UserAgent string
	// Session is the zero value when there was none.
	Session id.Session
	// Note is what an administrator has said about it; the user does not see it.
	Note string
}

// Log keeps entries. Its methods may be called from many goroutines.
type Log struct {
	db *db.DB
	q  *dbsqlc.Queries
	// pages signs the tokens of further pages.
	pages pagetoken.Signer
}

// New makes a Log.
func New(d *db.DB, master secret.Master) *Log {
	return &Log{db: d, q: dbsqlc.New(), pages: pagetoken.NewSigner(master, pageTokenPurpose)}
}

// Record writes an entry in the transaction that it tells of.
func (l *Log) Record(ctx context.Context, tx db.Tx, e Entry) error {
	err := l.q.CreateActivity(ctx, tx, dbsqlc.CreateActivityParams{
		ID:        uuid.UUID(id.NewActivity()),
		UserID:    uuid.UUID(e.User),
		Event:     string(e.Event),
		At:        tx.Now,
		Ip:        e.IP,
		UserAgent: e.UserAgent,
		SessionID: e.session(),
		Note:      e.note(),
	})
	if err != nil {
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

func (e Entry) note() *string {
	if e.Note == "" {
		return nil
	}
	return &e.Note
}
