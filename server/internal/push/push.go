// Package push is the registry of devices for push notifications. A registration token belongs to one session of one user. If
// another user registers the token, it moves to that user, since the device has changed hands. When the session ends, for
// whatever reason, the token is deleted. Tokens are stored encrypted, since with a token an attacker could send notifications in
// the team's name.
package push

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/latchkey-auth/latchkey/db"
	"github.com/latchkey-auth/latchkey/gen/dbsqlc"
	latchkeyv1 "github.com/latchkey-auth/latchkey/gen/latchkey/v1"
	"github.com/latchkey-auth/latchkey/server/internal/fault"
	"github.com/latchkey-auth/latchkey/server/internal/id"
	"github.com/latchkey-auth/latchkey/server/internal/secret"
)

const (
	hashPurpose = "registration tokens, HMAC-SHA-256, v1"
	sealPurpose = "registration tokens, AES-256-GCM, v1"
)

// Registry manages the devices. Its methods may be called from many goroutines.
type Registry struct {
	db   *db.DB
	q    *dbsqlc.Queries
	hash secret.Key
	seal secret.Key
}

// New returns a Registry.
func New(d *db.DB, master secret.Master) *Registry {
	return &Registry{db: d, q: dbsqlc.New(), hash: master.Key(hashPurpose), seal: master.Key(sealPurpose)}
}

// Device is a device to register.
type Device struct {
	User    id.User
	Session id.Session
	// Token is the registration token of Firebase Cloud Messaging.
	Token secret.Text
	// Platform is "web", "android" or "ios".
	Platform string
	// Name is the user's name for the device; it may be empty.
	Name string
}

// MaxDevices is how many devices of a user are registered and notified. A further one replaces the one that was registered
// longest ago. An application that registers at each start keeps its own registration.
const MaxDevices = 20

// Register registers a token for a session, in place of the session's previous token. The caller holds the lock on the user's
// row. It refuses with SESSION_REVOKED if the session has ended.
func (r *Registry) Register(ctx context.Context, tx db.Tx, d Device) error {
	hash := r.hashOf(d.Token)
	if err := r.q.ForgetOtherDevices(ctx, tx, dbsqlc.ForgetOtherDevicesParams{
		SessionID: uuid.UUID(d.Session), TokenHash: hash,
	}); err != nil {
		return fmt.Errorf("forget the device before: %w", err)
	}
	device, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("name a device: %w", err)
	}
	err = r.q.RegisterDevice(ctx, tx, dbsqlc.RegisterDeviceParams{
		ID:        device,
		TokenHash: hash,
		Token:     r.seal.Seal([]byte(d.Token.Reveal()), device[:]),
		UserID:    uuid.UUID(d.User),
		SessionID: uuid.UUID(d.Session),
		Platform:  d.Platform,
		Name:      d.Name,
	})
	if db.ViolatedReference(err) {
		return fault.New(latchkeyv1.Reason_REASON_SESSION_REVOKED)
	}
	if err != nil {
		return fmt.Errorf("register a device: %w", err)
	}
	if err := r.q.TrimDevices(ctx, tx, dbsqlc.TrimDevicesParams{UserID: uuid.UUID(d.User), Keep: MaxDevices}); err != nil {
		return fmt.Errorf("forget the oldest device: %w", err)
	}
	return nil
}

// Unregister deletes a token of a user. A token that is not registered, or belongs to another user, stays unchanged.
func (r *Registry) Unregister(ctx context.Context, user id.User, token secret.Text) error {
	if _, err := r.q.UnregisterDevice(ctx, r.db, dbsqlc.UnregisterDeviceParams{
		TokenHash: r.hashOf(token), UserID: uuid.UUID(user),
	}); err != nil {
		return fmt.Errorf("unregister a device: %w", err)
	}
	return nil
}

// List returns the devices of a user that get notifications now, the last registered first.
func (r *Registry) List(ctx context.Context, tx db.Tx, user id.User) ([]uuid.UUID, error) {
	devices, err := r.q.ListDevices(ctx, tx, dbsqlc.ListDevicesParams{UserID: uuid.UUID(user), Now: tx.Now, Most: MaxDevices})
	if err != nil {
		return nil, fmt.Errorf("list devices: %w", err)
	}
	return devices, nil
}

// Token returns the registration token of a device. It returns false if the device is not registered any more.
func (r *Registry) Token(ctx context.Context, device uuid.UUID) (token secret.Text, ok bool, err error) {
	row, err := r.q.FindDevice(ctx, r.db, dbsqlc.FindDeviceParams{ID: device, Now: r.db.Clock()})
	if db.NotFound(err) {
		return secret.Text{}, false, nil
	}
	if err != nil {
		return secret.Text{}, false, fmt.Errorf("find a device: %w", err)
	}
	return r.open(row.Token, row.ID)
}

func (r *Registry) open(sealed []byte, device uuid.UUID) (token secret.Text, ok bool, err error) {
	plain, err := r.seal.Open(sealed, device[:])
	if err != nil {
		return secret.Text{}, false, fmt.Errorf("open the token of a device: %w", err)
	}
	return secret.NewText(string(plain)), true, nil
}

// Forget deletes a device whose token the provider does not know any more. If another session has registered the token meanwhile,
// that is another device.
func (r *Registry) Forget(ctx context.Context, device uuid.UUID) error {
	if err := r.q.ForgetDevice(ctx, r.db, device); err != nil {
		return fmt.Errorf("forget a device: %w", err)
	}
	return nil
}

func (r *Registry) hashOf(token secret.Text) []byte { return r.hash.MAC([]byte(token.Reveal())) }
