package admin

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/account"
	"github.com/latchkey-auth/latchkey/server/internal/audit"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/notify"
	"github.com/latchkey-auth/latchkey/server/internal/ratelimit"
)

// Notifications from administrators to one account: enough for a lively conversation.
var pushMessageBudget = ratelimit.Budget{Name: "push_message", Limit: 120, Window: time.Hour}

// SendPushInput describes a notification. It must hold no secret, since locked screens show it.
type SendPushInput struct {
	Title string
	Body  string
	// Data is for the application on the device; it is never shown.
	Data map[string]string
}

// SendPush sends a notification to every device of an account, and returns the number of devices. It refuses with NOT_FOUND, with
// INVALID_FIELDS if Firebase would not accept the notification, and with TOO_MANY_ATTEMPTS if the account's budget is used up.
func (s *Service) SendPush(
	ctx context.Context, caller account.Caller, user id.User, in SendPushInput,
) (devices int, err error) {
	if wrong := in.Violations(); len(wrong) > 0 {
		return 0, fault.Invalid(wrong...)
	}
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
		if devices = len(registered); devices == 0 {
			return nil
		}
		if err := s.limits.ChargeTx(ctx, tx, pushMessageBudget.Of(user.String())); err != nil {
			return err
		}
		if err := s.messages.SendPush(ctx, tx, user.String(), registered, in.notification()); err != nil {
			return err
		}
		// Not the text: it is for the user alone.
		entry := entryOf(audit.PushSent, caller, user)
		entry.Details = audit.Details{audit.DevicesDetail: strconv.Itoa(devices)}
		return audit.Record(ctx, tx, entry)
	})
	return devices, err
}

// Violations returns the fields for which Firebase would refuse a notification: data with reserved keys, or a notification that
// is too large. The latter is reported for the text if shorter data would not be enough, and otherwise for the data.
func (in SendPushInput) Violations() []fault.Violation {
	var wrong []fault.Violation
	for _, key := range slices.Sorted(maps.Keys(in.Data)) {
		if notify.ReservedDataKey(key) {
			wrong = append(wrong, fault.Violation{
				Field: "data[" + key + "]", Rule: "push.reserved_key", Message: "The push service keeps this name for itself.",
			})
		}
	}
	n := in.notification()
	if n.Payload() <= notify.MaxPayload {
		return wrong
	}
	tooBig := func(field string) fault.Violation {
		return fault.Violation{
			Field: field, Rule: "push.too_big",
			Message: fmt.Sprintf("Title, text and data take more than %d bytes together.", notify.MaxPayload),
		}
	}
	if n.Data = nil; n.Payload() > notify.MaxPayload {
		wrong = append(wrong, tooBig("body"))
	}
	if len(in.Data) > 0 {
		wrong = append(wrong, tooBig("data"))
	}
	return wrong
}

func (in SendPushInput) notification() notify.Notification {
	return notify.Notification{Kind: notify.KindMessage, Title: in.Title, Body: in.Body, Data: in.Data}
}
