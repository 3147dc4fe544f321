package notify

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
)

// fallback uses a second provider while the first is in trouble.
type fallback struct {
	first, second SMSSender
	// health is the health of the first provider.
	health *health
}

// Fallback returns a sender that uses the second provider while the first is in trouble: it does not answer, is busy, or refuses
// us. If the first may have accepted the message, the second is not asked at once. The failure goes to the caller, which counts
// it and decides on one repeat; by then the first is resting, so the second gets it. A message that the first refuses because of
// its recipient is not passed to the second.
func Fallback(first, second SMSSender, clock db.Clock) SMSSender {
	return &fallback{first: first, second: second, health: newHealth(clock)}
}

// SendSMS sends a message with the first provider, or with the second.
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
		// If both are in trouble, the next message asks the first again.
		f.health.wake()
	}
	return receipt, err
}
