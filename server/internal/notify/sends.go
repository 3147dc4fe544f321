package notify

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
)

// SendState is how far a send has come. The values are stored.
type SendState string

// The states.
const (
	// SendQueued is not taken by a provider yet.
	SendQueued SendState = "queued"
	// SendTaken is taken by a provider. Whether it arrives, the provider knows.
	SendTaken SendState = "sent"
	// SendFailed is given up.
	SendFailed SendState = "failed"
	// SendDropped was of no use any more before a provider took it, or was not to be sent at all.
	SendDropped SendState = "dropped"
	// SendUnknown has ended, and a provider may have taken it all the same. It is not stored: the row is failed or dropped, with
	// tries that are not settled.
	SendUnknown SendState = "unknown"
)

// Send is what became of one message, for support. The rows are kept for two weeks.
type Send struct {
	ID uuid.UUID
	// Kind is "code", or the kind of a notice.
	Kind    string
	Channel Channel
	// To is an address, a number in E.164 form, or the id of the user whose device it is.
	To    string
	State SendState
	// Tries counts how often a provider was asked.
	Tries int
	// Provider was asked last, and Receipt is the name that it knows the message by.
	Provider string
	Receipt  string
	// LastError is a class and a code, never a provider's words.
	LastError string
	QueuedAt  time.Time
	// EndedAt is the zero time while it is queued.
	EndedAt time.Time
}

// Sends looks at what was sent.
type Sends struct {
	db *db.DB
	q  *dbsqlc.Queries
}

// NewSends makes a Sends.
func NewSends(d *db.DB) *Sends { return &Sends{db: d, q: dbsqlc.New()} }

// Last lists the last sends to somebody, newest first.
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

// stateOf is the state for support. A withheld code counts tries that asked no provider.
func stateOf(row dbsqlc.ListSendsRow) SendState {
	state := SendState(row.State)
	if (state == SendFailed || state == SendDropped) && row.Unsettled > 0 && row.Tries > 0 {
		return SendUnknown
	}
	return state
}

// Forget deletes what was sent to somebody, as the end of an account has to.
func (s *Sends) Forget(ctx context.Context, tx db.Tx, to Recipient) error {
	if err := s.q.ForgetSends(ctx, tx, dbsqlc.ForgetSendsParams{UserID: to.User, Email: to.Email, Phone: to.Phone}); err != nil {
		return fmt.Errorf("forget sends: %w", err)
	}
	return nil
}
