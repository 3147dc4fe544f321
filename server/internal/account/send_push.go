package account

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
)

// SendPushInput is a notification. It is shown on locked screens, and holds no secret.
type SendPushInput struct {
	Title string
	Body  string
	// Data is for the application on the device, and never shown.
	Data map[string]string
}

// SendPush sends a notification to every device of an account, and tells to how many. It refuses with NOT_FOUND.
func (s *Service) SendPush(ctx context.Context, user id.User, in SendPushInput) (devices int, err error) {
	err = s.db.InTx(ctx, func(tx db.Tx) error {
		if _, err := s.q.FindUser(ctx, tx, uuid.UUID(user)); db.NotFound(err) {
			return fault.New(latchkeyv1.Reason_REASON_NOT_FOUND)
		} else if err != nil {
			return fmt.Errorf("find an account: %w", err)
		}
		registered, err := s.devices.List(ctx, tx, user)
		if err != nil {
			return err
		}
		devices = len(registered)
		return s.messages.SendPush(ctx, tx, user.String(), registered, notify.Notification{
			Kind: notify.KindMessage, Title: in.Title, Body: in.Body, Data: in.Data,
		})
	})
	return devices, err
}
