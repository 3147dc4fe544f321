package notify

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
)

// fallback is two providers, of which the second takes over while the first is in trouble.
type fallback struct {
	first, second SMSSender
	// health is that of the first provider.
	health *health
}

// Fallback returns a sender that asks the second provider when the first is in trouble: no answer, too busy, or it refuses us.
// When the first may have taken the message, the second is not asked at once: the failure goes to the caller, which counts it
// and decides on one repeat. That one finds the first resting, and goes to the second. A message that the first refuses for its
// recipient's sake is not given to the second.
func Fallback(first, second SMSSender, clock db.Clock) SMSSender {
	return &fallback{first: first, second: second, health: newHealth(clock)}
}

// SendSMS hands a message to the first provider, or to the second.
func (f *fallback) SendSMS(ctx context.Context, m Message) (Receipt, error) {
	if !f.health.resting() {
		receipt, err := f.first.SendSMS(ctx, m)
		if err == nil || ctx.Err() != nil {
			return receipt, err
		}
		failure := sendErrorOf(err)
		f.health.note(failure)
		if !failure.OurTrouble() || failure.Ambiguous {
			return Receipt{}, failure
		}
	}
	receipt, err := f.second.SendSMS(ctx, m)
	if err != nil && sendErrorOf(err).OurTrouble() {
		// With both in trouble, the next message asks the first again.
		f.health.wake()
	}
	return receipt, err
}
