package account

import (
	"context"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	"github.com/latchkey-auth/latchkey/server/internal/push"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

// RegisterDeviceInput describes a device.
type RegisterDeviceInput struct {
	// Token is the registration token of Firebase Cloud Messaging.
	Token secret.Text
	// Platform is "web", "android" or "ios".
	Platform string
	// Name may be empty.
	Name string
}

// RegisterDevice registers a device for notifications to the caller, while the session of this call is alive. It refuses with
// SESSION_REVOKED and TOO_MANY_ATTEMPTS.
func (s *Service) RegisterDevice(ctx context.Context, caller Caller, in RegisterDeviceInput) error {
	return s.asOwner(ctx, caller, func(tx db.Tx, _ dbsqlc.User) error {
		if err := s.limits.ChargeTx(ctx, tx, deviceBudget.Of(caller.User.String())); err != nil {
			return err
		}
		return s.devices.Register(ctx, tx, push.Device{
			User: caller.User, Session: caller.Session, Token: in.Token, Platform: in.Platform, Name: in.Name,
		})
	})
}

// UnregisterDevice removes a device of the caller. A device that is not registered, or belongs to another user, stays unchanged.
func (s *Service) UnregisterDevice(ctx context.Context, caller Caller, token secret.Text) error {
	return s.devices.Unregister(ctx, caller.User, token)
}
