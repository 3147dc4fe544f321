package notify

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// outboxSize is how many messages an Outbox keeps.
const outboxSize = 500

// Outbox keeps messages in memory instead of sending them, for `latchkey dev` and for tests. They are lost when the program ends,
// since codes in clear must not be stored.
type Outbox struct {
	clock db.Clock

	mu       sync.Mutex
	messages []Kept
	arrived  chan struct{}
}

// Kept is a message in the outbox.
type Kept struct {
	ID string
	Message
	SentAt time.Time
}

// NewOutbox returns an empty Outbox.
func NewOutbox(clock db.Clock) *Outbox {
	return &Outbox{clock: clock, arrived: make(chan struct{})}
}

// SendMail keeps a mail, and removes the oldest message if the outbox is full.
func (o *Outbox) SendMail(_ context.Context, m Message) (Receipt, error) { return o.keep(m), nil }

// SendSMS keeps an SMS, and removes the oldest message if the outbox is full.
func (o *Outbox) SendSMS(_ context.Context, m Message) (Receipt, error) { return o.keep(m), nil }

// SendPush keeps a notification under the user's id, and removes the oldest message if the outbox is full.
func (o *Outbox) SendPush(_ context.Context, p Push) (Receipt, error) {
	return o.keep(Message{
		Channel: PushChannel, To: p.User, Subject: secret.NewText(p.Title), Text: secret.NewText(p.Body), Link: p.Link,
	}), nil
}

func (o *Outbox) keep(m Message) Receipt {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept := Kept{ID: rand.Text(), Message: m, SentAt: o.clock()}
	o.messages = append(o.messages, kept)
	if len(o.messages) > outboxSize {
		o.messages = slices.Delete(o.messages, 0, 1)
	}
	close(o.arrived)
	o.arrived = make(chan struct{})
	return Receipt{Provider: "outbox", ID: kept.ID}
}

// List returns the messages, newest first: all, or only those to one address or number. The channel is closed when the next
// message arrives.
func (o *Outbox) List(to string) ([]Kept, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var found []Kept
	for _, m := range slices.Backward(o.messages) {
		if to == "" || m.To == to {
			found = append(found, m)
		}
	}
	return found, o.arrived
}
