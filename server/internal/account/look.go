package account

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

// Record is an account as support wants to see it.
type Record struct {
	User User
	// Sessions are those that live, the last used first, and at most 100.
	Sessions []session.Row
	// Sends are what was sent last, newest first.
	Sends []notify.Send
}

// lastSends is how many of an account's sends support is shown.
const lastSends = 20

// Look gives an account to an administrator. It refuses with NOT_FOUND.
func (s *Service) Look(ctx context.Context, user id.User) (Record, error) {
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

// recipient is who is sent what is meant for an account. What was sent to a contact that it has not proven may be another
// one's.
func recipient(user dbsqlc.User) notify.Recipient {
	to := notify.Recipient{User: id.User(user.ID).String()}
	if user.EmailVerifiedAt != nil {
		to.Email = *user.Email
	}
	if user.PhoneVerifiedAt != nil {
		to.Phone = *user.Phone
	}
	return to
}

// possibleRecipient has the contacts without a proof as well: a code that does not arrive is why there is none. One that
// another account has proven is that one's; while discovery is private, people can still write it down as theirs.
func (s *Service) possibleRecipient(ctx context.Context, user dbsqlc.User) (notify.Recipient, error) {
	to := recipient(user)
	taken, err := s.findTaken(ctx, dbsqlc.FindTakenParams{Email: user.Email, Phone: user.Phone})
	if err != nil {
		return notify.Recipient{}, err
	}
	if user.Email != nil && !taken.EmailTaken {
		to.Email = *user.Email
	}
	if user.Phone != nil && !taken.PhoneTaken {
		to.Phone = *user.Phone
	}
	return to, nil
}
