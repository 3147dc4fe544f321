package verification

import (
	"context"
	"crypto/subtle"
	"fmt"
	"time"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// Check tries a code and returns when the proof that it leaves behind ends. It refuses with CODE_MISMATCH and the tries
// left, CODE_EXPIRED (also for an unknown verification), CODE_SPENT, or TOO_MANY_ATTEMPTS when the day's budget of the
// contact is used up.
//
// The order is the security property: the try is counted and committed before the code is looked at, so that neither a
// crash nor many requests at once give a guess for free. Each of the two statements is a transaction of its own, which runs
// again after a deadlock or a lost connection that undid it: then the user pays for one try.
func (s *Service) Check(ctx context.Context, verification, code secret.Text) (proofEnd time.Time, err error) {
	now := s.db.Clock()
	hash := hashSecret(verification)

	charged, err := s.q.ChargeAttempt(ctx, s.db, dbsqlc.ChargeAttemptParams{
		SecretHash: hash, Now: now, MaxAttempts: MaxAttempts, MaxGuesses: MaxGuesses, DayAgo: now.Add(-GuessWindow),
	})
	if db.NotFound(err) {
		return time.Time{}, s.whyNot(ctx, hash, now)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("charge a try: %w", err)
	}

	right, fixed := s.cfg.Fixed.code(Contact{Channel: Channel(charged.Channel), Value: charged.Contact}, now)
	if !fixed {
		right = deriveCode(s.key, charged.ID)
	}
	if subtle.ConstantTimeCompare([]byte(right.Reveal()), []byte(code.Reveal())) != 1 {
		return time.Time{}, &fault.Error{
			Reason:       latchkeyv1.Reason_REASON_CODE_MISMATCH,
			AttemptsLeft: min(MaxAttempts-int(charged.Attempts), MaxGuesses-int(charged.Guesses)),
		}
	}

	proofEnd = now.Add(s.cfg.ProofTTL)
	marked, err := s.q.MarkVerified(ctx, s.db, dbsqlc.MarkVerifiedParams{
		ID: charged.ID, Now: now, ProofExpiresAt: proofEnd,
	})
	if err != nil {
		return time.Time{}, fmt.Errorf("mark verified: %w", err)
	}
	// Another request with the same right code was faster, or a newer code was sent in between.
	if marked == 0 {
		return time.Time{}, fault.New(latchkeyv1.Reason_REASON_CODE_SPENT)
	}
	return proofEnd, nil
}

// whyNot tells the holder of the secret why a code cannot be tried. Somebody without the secret learns nothing: an unknown
// verification answers like one past its time.
func (s *Service) whyNot(ctx context.Context, hash []byte, now time.Time) error {
	v, err := s.q.FindVerification(ctx, s.db, hash)
	switch {
	case db.NotFound(err):
		return fault.New(latchkeyv1.Reason_REASON_CODE_EXPIRED)
	case err != nil:
		return fmt.Errorf("find the verification: %w", err)
	case v.ReplacedAt != nil, v.VerifiedAt != nil, v.Attempts >= MaxAttempts:
		return fault.New(latchkeyv1.Reason_REASON_CODE_SPENT)
	case !now.Before(v.ExpiresAt):
		return fault.New(latchkeyv1.Reason_REASON_CODE_EXPIRED)
	default:
		return fault.RetryAfter(latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS, v.GuessesSince.Add(GuessWindow).Sub(now))
	}
}
