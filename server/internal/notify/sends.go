package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// SendState is the state of a send. The values are stored.
type SendState string

// The states.
const (
	// SendQueued: no provider has accepted it yet.
	SendQueued SendState = "queued"
	// SendTaken: a provider has accepted it. Only the provider knows whether it arrives.
	SendTaken SendState = "sent"
	// SendFailed: delivery was given up.
	SendFailed SendState = "failed"
	// SendDropped: it was no longer useful before a provider accepted it, or was not to be sent at all.
	SendDropped SendState = "dropped"
	// SendUnknown: it has ended, but a provider may have accepted it. The value is not stored: the row is failed or dropped, and
	// has unsettled attempts.
	SendUnknown SendState = "unknown"
)

// Send is the delivery state of one message, for support. Rows are kept for two weeks.
type Send struct {
	ID uuid.UUID
	// Kind is "code", or the kind of a notice.
	Kind    string
	Channel Channel
	// To is an e-mail address, a phone number in E.164 form, or the id of the device's user.
	To    string
	State SendState
	// Tries is how often a provider was asked.
	Tries int
	// Provider was asked last. Receipt is its id of the message.
	Provider string
	Receipt  string
	// LastError holds a class and a code, but no text of the provider.
	LastError string
	QueuedAt  time.Time
	// EndedAt is the zero time while the message is queued.
	EndedAt time.Time
}

// Sends reads the history of messages.
type Sends struct {
	db *db.DB
	q  *dbsqlc.Queries
}

// NewSends returns a Sends.
func NewSends(d *db.DB) *Sends { return &Sends{db: d, q: dbsqlc.New()} }

// Last returns the latest sends to a recipient, newest first.
func (s *Sends) Last(ctx context.Context, to Recipient, most int) ([]Send, error) {
	rows, err := s.q.ListSends(ctx, s.db, dbsqlc.ListSendsParams{
		UserID: to.User, Email: to.Email, Phone: to.Phone, Most: int32(most),
	})
	if err != nil {
		return nil, fmt.Errorf("list sends: %w", err)
	}
	sends := make([]Send, len(rows))
	for i, row := range rows {
		sends[i] = Send{
			ID:        row.ID,
			Kind:      row.Kind,
			Channel:   Channel(row.Channel),
			To:        row.Contact,
			State:     stateOf(row),
			Tries:     int(row.Tries),
			Provider:  row.Provider,
			Receipt:   row.Receipt,
			LastError: row.LastError,
			QueuedAt:  row.QueuedAt,
		}
		if row.EndedAt != nil {
			sends[i].EndedAt = *row.EndedAt
		}
	}
	return sends, nil
}

// stateOf returns the state for support. A withheld code counts attempts that asked no provider.
func stateOf(row dbsqlc.ListSendsRow) SendState {
	state := SendState(row.State)
	if (state == SendFailed || state == SendDropped) && row.Unsettled > 0 && row.Tries > 0 {
		return SendUnknown
	}
	return state
}

// Forget deletes the history of a recipient, when the account is deleted.
func (s *Sends) Forget(ctx context.Context, tx db.Tx, to Recipient) error {
	if err := s.q.ForgetSends(ctx, tx, dbsqlc.ForgetSendsParams{UserID: to.User, Email: to.Email, Phone: to.Phone}); err != nil {
		return fmt.Errorf("forget sends: %w", err)
	}
	return nil
}
