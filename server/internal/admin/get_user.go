package admin

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/session"
)

// Record is an account as support needs it.
type Record struct {
	User dbsqlc.User
	// Sessions are the active sessions, the most recently used first, at most 100.
	Sessions []session.Row
	// Sends are the latest messages, newest first.
	Sends []notify.Send
}

// lastSends is how many messages support sees.
const lastSends = 20

// GetUser returns an account with its sessions and latest messages. It refuses with NOT_FOUND.
func (s *Service) GetUser(ctx context.Context, user id.User) (Record, error) {
	row, err := s.q.FindUser(ctx, s.db, uuid.UUID(user))
	if db.NotFound(err) {
		return Record{}, fault.New(latchkeyv1.Reason_REASON_NOT_FOUND)
	}
	if err != nil {
		return Record{}, fmt.Errorf("find an account: %w", err)
	}
	record := Record{User: row}
	if record.Sessions, err = s.sessions.List(ctx, user); err != nil {
		return Record{}, err
	}
	to, err := s.possibleRecipient(ctx, row)
	if err != nil {
		return Record{}, err
	}
	record.Sends, err = s.sends.Last(ctx, to, lastSends)
	return record, err
}

// possibleRecipient returns the contacts of an account, including those without a proof: a missing code may be the reason. It
// omits a contact that another account has proven. With private discovery, users can still enter such a contact.
func (s *Service) possibleRecipient(ctx context.Context, user dbsqlc.User) (notify.Recipient, error) {
	to := notify.RecipientOf(user)
	taken, err := s.q.FindDuplicates(ctx, s.db, dbsqlc.FindDuplicatesParams{Email: user.Email, Phone: user.Phone})
	if err != nil {
		return notify.Recipient{}, fmt.Errorf("look for the holders of contacts: %w", err)
	}
	if user.Email != nil && !taken.EmailTaken {
		to.Email = *user.Email
	}
	if user.Phone != nil && !taken.PhoneTaken {
		to.Phone = *user.Phone
	}
	return to, nil
}
