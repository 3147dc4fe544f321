package account

import (
	"context"
	"errors"
	"fmt"

	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/password"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// hash returns the hash of a new password. It refuses with BUSY.
func (s *Service) hash(ctx context.Context, chosen secret.Text) (string, error) {
	hash, err := s.passwords.Hash(ctx, chosen.Reveal())
	if err != nil {
		return "", busy(fmt.Errorf("hash a password: %w", err))
	}
	return hash, nil
}

// busy maps the hasher's full queue to BUSY, with the time to wait.
func busy(err error) error {
	var full *password.BusyError
	if errors.As(err, &full) {
		return fault.RetryAfter(latchkeyv1.Reason_REASON_BUSY, full.RetryAfter)
	}
	return err
}
