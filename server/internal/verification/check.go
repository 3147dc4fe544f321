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

// Check verifies a code and returns when the resulting proof expires. It refuses with CODE_MISMATCH and the attempts left,
// CODE_EXPIRED (also for an unknown verification), CODE_SPENT, or TOO_MANY_ATTEMPTS after the contact's last attempt of the day.
//
// While the proof is valid and unused, the right code gets the same answer again, so that a client can retry after a lost
// response. A wrong code counts as before. Of concurrent calls, those beyond MaxAttempts may be refused with CODE_SPENT.
//
// The order is the security property: the attempt is counted and committed before the code is compared. So neither a crash nor
// concurrent requests give a free guess. A right code is subtracted afterwards. Each statement is its own transaction, which is
// repeated after a deadlock or a lost connection that undid it. Then the user pays for one attempt.
func (s *Service) Check(ctx context.Context, verification, code secret.Text) (proofEnd time.Time, err error) {
	now := s.db.Clock()
	charged, err := s.charge(ctx, hashSecret(verification), now)
	if err != nil {
		return time.Time{}, err
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

	// It changes nothing if the code has been verified before, or if a newer one was sent meanwhile.
	if _, err := s.q.MarkVerified(ctx, s.db, dbsqlc.MarkVerifiedParams{
		ID: charged.ID, Now: now, ProofExpiresAt: now.Add(s.cfg.ProofTTL),
	}); err != nil {
		return time.Time{}, fmt.Errorf("mark verified: %w", err)
	}
	proofEnd, err = s.q.ReturnAttempt(ctx, s.db, dbsqlc.ReturnAttemptParams{ID: charged.ID, Now: now})
	if db.NotFound(err) {
		return time.Time{}, fault.New(latchkeyv1.Reason_REASON_CODE_SPENT)
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("count a right try back: %w", err)
	}
	return proofEnd, nil
}

// maxCharges is how often an attempt is charged again because concurrent attempts were in its way. Those had the right code, and
// were subtracted.
const maxCharges = 3

func (s *Service) charge(ctx context.Context, hash []byte, now time.Time) (charged dbsqlc.ChargeAttemptRow, err error) {
	for range maxCharges {
		charged, err = s.q.ChargeAttempt(ctx, s.db, dbsqlc.ChargeAttemptParams{
			SecretHash: hash, Now: now, MaxAttempts: MaxAttempts, MaxGuesses: MaxGuesses, DayAgo: now.Add(-GuessWindow),
		})
		if err == nil {
			return charged, nil
		}
		if !db.NotFound(err) {
			return charged, fmt.Errorf("charge a try: %w", err)
		}
		if err := s.whyNot(ctx, hash, now); err != nil {
			return charged, err
		}
	}
	return charged, fault.RetryAfter(latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS, time.Second)
}

// whyNot returns why a code cannot be verified, for the holder of the secret. A caller without the secret learns nothing: an
// unknown verification gets the same answer as an expired one. It returns nil if there is no reason any more.
func (s *Service) whyNot(ctx context.Context, hash []byte, now time.Time) error {
	v, err := s.q.FindVerification(ctx, s.db, hash)
	switch {
	case db.NotFound(err):
		return fault.New(latchkeyv1.Reason_REASON_CODE_EXPIRED)
	case err != nil:
		return fmt.Errorf("find the verification: %w", err)
	case v.ReplacedAt != nil, v.ConsumedAt != nil, v.Attempts >= MaxAttempts,
		v.ProofExpiresAt != nil && !now.Before(*v.ProofExpiresAt):
		return fault.New(latchkeyv1.Reason_REASON_CODE_SPENT)
	case v.VerifiedAt == nil && !now.Before(v.ExpiresAt):
		return fault.New(latchkeyv1.Reason_REASON_CODE_EXPIRED)
	case v.Guesses >= MaxGuesses && v.GuessesSince.After(now.Add(-GuessWindow)):
		return fault.RetryAfter(latchkeyv1.Reason_REASON_TOO_MANY_ATTEMPTS, v.GuessesSince.Add(GuessWindow).Sub(now))
	default:
		return nil
	}
}
