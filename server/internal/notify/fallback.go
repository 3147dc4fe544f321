package notify

import (
	"context"
	"sync"
	"time"

	"github.com/latchkey-auth/latchkey/db"
)

// rest is how long a provider in trouble is left alone, so that not every message waits for it in vain.
const rest = 30 * time.Second

// fallback is two providers, of which the second takes over while the first is in trouble.
type fallback struct {
	first, second SMSSender
	clock         db.Clock

	mu       sync.Mutex
	restEnds time.Time
}

// Fallback gives a sender that asks the second provider when the first is in trouble: no answer, too busy, or it refuses us.
// When the first may have taken a message without saying so, the second sends it again. A message that the first refuses for
// its recipient's sake is not given to the second.
func Fallback(first, second SMSSender, clock db.Clock) SMSSender {
	return &fallback{first: first, second: second, clock: clock}
}

// SendSMS hands a message to the first provider, or to the second.
func (f *fallback) SendSMS(ctx context.Context, m Message) (Receipt, error) {
	if !f.resting() {
		receipt, err := f.first.SendSMS(ctx, m)
		if err == nil || ctx.Err() != nil {
			return receipt, err
		}
		failure := sendErrorOf(err)
		if !failure.OurTrouble() {
			return Receipt{}, failure
		}
		f.restUntil(f.clock().Add(max(rest, min(failure.RetryAfter, 10*rest))))
	}
	receipt, err := f.second.SendSMS(ctx, m)
	if err != nil && sendErrorOf(err).OurTrouble() {
		// With both in trouble, the next message asks the first one again.
		f.restUntil(time.Time{})
	}
	return receipt, err
}

func (f *fallback) resting() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.clock().Before(f.restEnds)
}

func (f *fallback) restUntil(end time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.restEnds = end
}
