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
	// asked says that the first provider itself has asked to be left alone until then.
	asked bool
}

// Fallback returns a sender that asks the second provider when the first is in trouble: no answer, too busy, or it refuses us.
// When the first may have taken the message, the second is not asked at once: the failure goes to the caller, which counts it
// and decides on one repeat. That one finds the first resting, and goes to the second. A message that the first refuses for its
// recipient's sake is not given to the second.
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
		f.rest(max(rest, failure.RetryAfter), failure.RetryAfter > 0)
		if failure.Ambiguous {
			return Receipt{}, failure
		}
	}
	receipt, err := f.second.SendSMS(ctx, m)
	if err != nil && sendErrorOf(err).OurTrouble() {
		f.wake()
	}
	return receipt, err
}

func (f *fallback) resting() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.clock().Before(f.restEnds)
}

// rest leaves the first provider alone: as long as it has asked for, or for a while of our own. Messages fail at the same
// time: one that met with no answer does not shorten the wait that was asked of another.
func (f *fallback) rest(wait time.Duration, asked bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	end := f.clock().Add(wait)
	if f.asked && f.restEnds.After(end) {
		return
	}
	f.restEnds, f.asked = end, asked
}

// wake has the next message ask the first provider again, since the second is in trouble too; unless the first has asked not
// to be.
func (f *fallback) wake() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.asked {
		f.restEnds = time.Time{}
	}
}
